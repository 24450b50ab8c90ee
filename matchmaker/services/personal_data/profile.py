"""A professional's profile."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.models import Professional, ProfessionalArea, ProfessionalTerm
from matchmaker.services.personal_data.part import KIND, Part

PROFILE: tuple[Part, ...] = (
    Part(
        "profile",
        _l("Your profile"),
        Professional,
        lambda person: Professional.id == person.professional_id,
        {
            "profession": _l("Profession"),
            "setting": _l("Where you see people"),
            "employer": _l("Who you work for"),
            "hcpc_number": _l("HCPC number"),
            "hcpc_checked_at": _l("HCPC number checked"),
            "offers_text": _l("What you can offer"),
            "seeks_text": _l("What you are looking for"),
            "min_age": _l("Youngest age"),
            "max_age": _l("Oldest age"),
            "delivery": _l("How you meet"),
            "is_willing_to_signpost": _l("Willing to tell people about a programme"),
            "is_willing_to_refer": _l("Willing to refer people"),
            "is_willing_to_advise": _l("Willing to advise or train"),
            "is_willing_to_run_together": _l("Willing to run something together"),
            "is_findable": _l("Organisations may find you"),
            "is_available": _l("Time for introductions"),
            "available_again_on": _l("Time again from"),
            "created_at": _l("Started"),
            "updated_at": _l("Changed"),
        },
    ),
    Part(
        "profile_areas",
        _l("Where you work"),
        ProfessionalArea,
        lambda person: ProfessionalArea.professional_id == person.professional_id,
        {"area_code": _l("Area"), "district": _l("Postcode area")},
    ),
    Part(
        "profile_terms",
        _l("Conditions and ways of working in your profile"),
        ProfessionalTerm,
        lambda person: ProfessionalTerm.professional_id == person.professional_id,
        {
            "field": KIND,
            "side": _l("Offered or looked for"),
            "wording": _l("In your words"),
            "code": _l("What we call it"),
        },
    ),
)
