"""The score of a pair written out term by term, with no arrays: slow, and easy to believe."""

import math
from collections import Counter

from matchmaker.engine import DEFAULT, Status
from matchmaker.engine.similarity import Relation, Similarity
from matchmaker.engine.statements import read_professional, read_programme


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


class Oracle:
    def __init__(self, professionals, programmes, vocabulary):
        self.vocabulary = vocabulary
        corpus = [read_professional(each, vocabulary).offers for each in professionals]
        corpus += [read_programme(each, vocabulary).offers for each in programmes]
        pools = [self.pooled(offers) for offers in corpus]
        self.n = len(pools)
        self.df = Counter(word for pool in pools for word in set(pool))
        self.average = sum(map(len, pools)) / self.n if any(pools) else 1.0
        self.similarity = {
            field: Similarity(thesaurus).fit(offers.offered(field, DEFAULT) for offers in corpus)
            for field, thesaurus in (
                ("condition", vocabulary.conditions),
                ("approach", vocabulary.approaches),
            )
        }

    def sides(self, professional, programme):
        """z of both sides by route, for the routes that are open; nothing behind a gate."""
        _, p_offers, p_seeks = read_professional(professional, self.vocabulary)
        _, g_offers, g_seeks = read_programme(programme, self.vocabulary)
        closed = programme.status is not Status.OPEN or 0 in (
            professional.capacity,
            programme.capacity,
        )
        shared = self.years(professional.people) & self.years(programme.people)
        if closed or not shared:
            return {}
        deliveries = [{"in_person", "online"}, {"in_person", "online"}]
        for place, profile in enumerate((professional, programme)):
            if profile.delivery != "both":
                deliveries[place] = {str(profile.delivery)}
        routes = deliveries[0] & deliveries[1]
        near = any(
            self.vocabulary.areas.reach(sought, offered)
            for sought in p_seeks.areas
            for offered in g_offers.areas
        )
        if p_seeks.areas and g_offers.areas and not near:
            routes -= {"in_person"}
        return {
            route: (
                self.z(p_seeks, g_offers, route, DEFAULT.professional_weights),
                self.z(g_seeks, p_offers, route, DEFAULT.programme_weights),
            )
            for route in routes
        }

    def best(self, professional, programme):
        """(m, route) of the better route, or None behind a gate."""
        sides = self.sides(professional, programme)
        ways = [(sigmoid(a) * sigmoid(b), route) for route, (a, b) in sides.items()]
        return max(ways, key=lambda way: (way[0], way[1] == "in_person")) if ways else None

    def z(self, seeks, offers, route, weights):
        sought = {
            "condition": bool(seeks.conditions),
            "approach": bool(seeks.approaches),
            "place": bool(seeks.areas),
            "people": not seeks.people.is_all,
            "profession": True,
            "text": bool(self.pooled(seeks)),
        }
        shares = {
            "condition": self.concepts("condition", seeks.conditions, offers),
            "approach": self.concepts("approach", seeks.approaches, offers),
            "place": 0.7 if route == "online" else self.place(seeks, offers),
            "people": self.people(seeks, offers),
            "profession": self.profession(seeks, offers),
            "text": self.text(seeks, offers),
        }
        # Weights that add up to 1 do so within a rounding of the last digit.
        assert all(0 <= share <= 1 + 1e-12 for share in shares.values())
        groups = [
            [field for field in group if sought[field] and weights[field]]
            for group in self.groups(weights)
        ]
        whole = sum(
            sum(weights[field] for field in group)
            for group, kept in zip(self.groups(weights), groups, strict=True)
            if kept
        )
        if not whole:
            return -4.5
        z = -4.5
        for group, kept in zip(self.groups(weights), groups, strict=True):
            for field in kept:
                share_of_group = weights[field] / sum(weights[each] for each in kept)
                part = sum(weights[each] for each in group) / whole
                z += sum(weights.values()) * part * share_of_group * shares[field]
        return z

    def groups(self, weights):
        """A professional was asked, so that topics and circumstances are told apart."""
        if weights is DEFAULT.programme_weights:
            return [list(weights)]
        topics = ["condition", "approach", "text"]
        return [topics, [field for field in weights if field not in topics]]

    def concepts(self, field, codes, offers):
        similarity = self.similarity[field]
        total = sum(similarity.information_[code] for code in codes)
        offered = offers.offered(field, DEFAULT)
        return sum(
            similarity.information_[code]
            / total
            * max((conf * similarity(code, other) for other, conf in offered.items()), default=0)
            for code in codes
        )

    def place(self, seeks, offers):
        reaches = [
            max((self.vocabulary.areas.reach(sought, area) for area in offers.areas), default=0)
            for sought in seeks.areas
            if not any(area in self.vocabulary.areas.within(sought) for area in seeks.areas)
        ]
        return sum(reaches) / len(reaches) if reaches else 0

    def years(self, people):
        return set(range(people.youngest, people.oldest + 1))

    def people(self, seeks, offers):
        sought = self.years(seeks.people)
        return len(sought & self.years(offers.people)) / len(sought)

    def profession(self, seeks, offers):
        if seeks.professions:
            return float(bool(set(seeks.professions) & set(offers.professions)))
        return 0.3 if offers.professions else 0.0

    def pooled(self, statement):
        return 2 * statement.title_words + statement.body_words

    def idf(self, word):
        df = self.df[word]
        return math.log(1 + (self.n - df + 0.5) / (df + 0.5))

    def text(self, seeks, offers):
        title, body = self.masses(seeks, in_title=True), self.masses(seeks, in_title=False)
        wanted = Counter(body)
        for word, mass in title.items():
            wanted[word] += 2 * mass
        given = Counter(word for word in self.pooled(offers) if self.df[word])
        if not wanted:
            return 0.0
        softening = 1.2 * (0.25 + 0.75 * given.total() / self.average)
        found = sum(
            mass * 2.2 * given[word] / (given[word] + softening)
            for word, mass in wanted.items()
            if given[word]
        )
        most = sum(mass * 2.2 for mass in wanted.values())
        terms = self.term_masses(seeks, sum(title.values()), sum(body.values()))
        read = sum(mass * self.answer(*term, offers) for term, mass in terms.items())
        return (found / most + 0.5 * read) / (1 + 0.5 * sum(terms.values()))

    def masses(self, seeks, in_title):
        words = seeks.title_words if in_title else seeks.body_words
        masses = {}
        for word in set(words):
            times = words.count(word)
            lowered = [
                max(map(self.idf, spoken.words)) / sum(map(self.idf, spoken.words))
                for spoken in seeks.spoken
                for other in spoken.words
                if other == word and spoken.in_title is in_title
            ][:times]
            masses[word] = self.idf(word) * (times - len(lowered) + sum(lowered))
        return masses

    def term_masses(self, seeks, title, body):
        masses = Counter()
        parts = [(in_title, whole) for in_title, whole in ((True, title), (False, body)) if whole]
        for in_title, whole in parts:
            for spoken in seeks.spoken:
                if spoken.in_title is in_title:
                    mass = max(map(self.idf, spoken.words), default=0)
                    masses[spoken.field, spoken.code] += mass / whole / len(parts)
        return masses

    def answer(self, field, code, offers):
        best = 0.0
        for offered, confidence in offers.offered(field, DEFAULT).items():
            found = self.similarity[field].answers(offered).get(code)
            if found:
                loose = found.relation in {Relation.BROADER, Relation.RELATED}
                best = max(best, confidence * found.strength * (0.5 if loose else 1))
        return best
