"""Sentences of rooms in another language: known by their fixed words, with what they name."""

from hypothesis import given
from hypothesis import strategies as st
from makeready_admin.languages.sentences import Sentences

GERMAN = Sentences(
    {
        "%(host)s cannot be reached (%(why)s).": "%(host)s ist nicht erreichbar (%(why)s).",
        "The file's server %(host)s cannot be reached (%(why)s).": "Der Server %(host)s fehlt (%(why)s).",
        "its name is not known": "sein Name ist nicht bekannt",
        "Look there.": "Sehen Sie dort nach.",
        "%(text)s as %(label)s": "%(text)s als %(label)s",
        "the MIS took it": "das MIS hat ihn angenommen",
        "Its mark-up is %(shown)s %% now.": "Sein Aufschlag ist jetzt %(shown)s %%.",
        "No": "Nein",
    }
)


def test_what_a_sentence_names_is_in_its_translation() -> None:
    assert GERMAN.told("mis.example cannot be reached (cut).") == "mis.example ist nicht erreichbar (cut)."
    assert GERMAN.told("Its mark-up is 12.5 % now.") == "Sein Aufschlag ist jetzt 12.5 %."


def test_the_sentence_with_more_words_of_its_own_counts() -> None:
    said = GERMAN.told("The file's server x.example cannot be reached (its name is not known).")
    assert said == "Der Server x.example fehlt (sein Name ist nicht bekannt)."


def test_a_name_of_one_word_is_never_taken_for_a_text() -> None:
    assert GERMAN.told("No cannot be reached (No).") == "No ist nicht erreichbar (No)."


def test_sentences_are_known_beside_what_a_vendor_says() -> None:
    said = GERMAN.told("Job 7 is closed. Look there. mis.example cannot be reached (e.g. off. line).")
    assert said == "Job 7 is closed. Sehen Sie dort nach. mis.example ist nicht erreichbar (e.g. off. line)."


def test_what_was_added_to_a_sentence_is_known_apart() -> None:
    assert (
        GERMAN.told("the MIS took it: its name is not known")
        == "das MIS hat ihn angenommen: sein Name ist nicht bekannt"
    )
    assert GERMAN.told("the MIS took it; by fax") == "das MIS hat ihn angenommen; by fax"
    assert GERMAN.told("no one took it: its name is not known") == "no one took it: its name is not known"


def test_few_fixed_letters_make_a_sentence_of_a_sentence_only() -> None:
    assert GERMAN.told("the MIS took it as SO-4") == "das MIS hat ihn angenommen als SO-4"
    assert GERMAN.told("known to us as SO-4") == "known to us as SO-4"


@given(st.text(max_size=300))
def test_any_text_comes_back_as_it_is_or_said(text: str) -> None:
    """What nobody has translated is not touched."""
    known = ("reach", "Look there.", " as ", "mark-up", "No", "known", "took")
    said = GERMAN.told(text)
    assert said == text or any(one in text for one in known)
