"""The forms of registering, signing in and looking after one's account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.services.accounts import AccountKind
from matchmaker.services.passwords import MINIMUM_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextField,
)

PASSWORD_HINT = _l(
    "At least %(length)d characters. Three or four words that do not belong together are easy to "
    "remember and hard to guess.",
    length=MINIMUM_LENGTH,
)
NEEDS_EMAIL = InputRequired(_l("Enter your e-mail address"))
NEEDS_NAME = InputRequired(_l("Enter your name"))


class RegisterForm(Form):
    """Who wants to join, and what brings them here."""

    email = EmailField(
        _l("Your work e-mail address"),
        [NEEDS_EMAIL],
        hint=_l(
            "We send a link to it. Nobody sees it before you have said yes to an introduction."
        ),
    )
    kind = RadioField(
        _l("What brings you here?"),
        [InputRequired(_l("Choose what brings you here"))],
        hint=_l("You can be both: the other can be added later."),
        choices=[
            SelectChoice(AccountKind.PROFESSIONAL.value, _l("I am an allied health professional")),
            SelectChoice(
                AccountKind.ORGANISATION.value, _l("I work or volunteer for an organisation")
            ),
        ],
    )
    answers = HiddenField()
    submit = SubmitField(_l("Send me the link"))


class NewAccountForm(Form):
    """A new person's name and password."""

    name = TextField(
        _l("Your name"),
        [NEEDS_NAME],
        hint=_l("As colleagues know you, for example Mairi Campbell."),
        autocomplete="name",
        spellcheck=False,
    )
    password = PasswordField(
        _l("Choose a password"),
        [InputRequired(_l("Choose a password"))],
        hint=PASSWORD_HINT,
        autocomplete="new-password",
    )
    submit = SubmitField(_l("Create my account"))


class SignInForm(Form):
    """Who they are, and the password to show it."""

    email = EmailField(_l("E-mail address"), [NEEDS_EMAIL], autocomplete="username")
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password"))])
    submit = SubmitField(_l("Sign in"))


class AskForResetForm(Form):
    """Where to send the link for a new password."""

    email = EmailField(_l("Your e-mail address"), [NEEDS_EMAIL], autocomplete="username")
    submit = SubmitField(_l("Send me a link"))


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password"))],
        hint=PASSWORD_HINT,
        autocomplete="new-password",
    )
    submit = SubmitField(_l("Change my password"))


class ChangeEmailForm(Form):
    """Another address, and the password to show that it is oneself who asks."""

    email = EmailField(_l("Your new e-mail address"), [NEEDS_EMAIL])
    current_password = PasswordField(
        _l("Your password"), [InputRequired(_l("Enter your password"))]
    )
    submit = SubmitField(_l("Send me the links"))


class EraseForm(Form):
    """The password, to show that it is oneself who wants to go."""

    current_password = PasswordField(
        _l("Your password"), [InputRequired(_l("Enter your password"))]
    )
    submit = SubmitField(_l("Erase my account"), kind="warning")


class NameForm(Form):
    """How one is called."""

    name = TextField(
        _l("Your name"), [NEEDS_NAME], heading=True, autocomplete="name", spellcheck=False
    )
    submit = SubmitField(_l("Save"))


class ChangePasswordForm(Form):
    """The present password, and the one in its place."""

    current_password = PasswordField(
        _l("Your present password"), [InputRequired(_l("Enter your present password"))]
    )
    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password"))],
        hint=PASSWORD_HINT,
        autocomplete="new-password",
    )
    submit = SubmitField(_l("Change my password"))
