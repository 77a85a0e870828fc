"""An MIS connector whose files go astray."""

from typing import Any

from broken import Platen, broken, replace
from makeready_hooks import hookimpl
from makeready_hooks.errors import OutcomeUnknown, Refused
from makeready_hooks.model.order import Artwork, TakenFile
from makeready_hooks.model.submission import AcceptedLine, AcceptedOrder, FoundChange

FITS = "test_whatever_is_answered_what_a_hook_says_fits_what_was_done"


@broken("a late file is at its line", "test_a_late_file_is_at_its_line_or_its_name_says_of_which_item_it_is")
class LateFilesAreAtTheFirstLine(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        return await super().attach_asset(accepted, accepted.lines[0], artwork, content)


@broken("a file arrives whole", "test_a_late_file_is_at_its_line_or_its_name_says_of_which_item_it_is")
class FilesAreCut(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        return await super().attach_asset(accepted, line, artwork, content[:10])


@broken("a file's bytes are not touched", "test_a_file_arrives_byte_by_byte_under_its_name")
class FilesAreTakenForText(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        text = content.decode("latin-1").replace("\r\n", "\n").encode("latin-1", "replace")
        return await super().attach_asset(accepted, line, artwork, text)


@broken("a file keeps its name", "test_a_file_arrives_byte_by_byte_under_its_name")
class FilesAreAllCalledAlike(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        return await super().attach_asset(accepted, line, replace(artwork, file_name="artwork.pdf"), content)


@broken("a file that did not arrive is not taken", FITS)
class FilesAreTakenWhateverHappens(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        try:
            return await super().attach_asset(accepted, line, artwork, content)
        except OutcomeUnknown:
            return True


@broken(
    "a file whose answer was lost may have arrived",
    "test_a_late_file_whose_answer_was_lost_is_an_unknown_outcome",
)
class LostFilesAreRefused(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        try:
            return await super().attach_asset(accepted, line, artwork, content)
        except OutcomeUnknown as exc:
            raise Refused(exc.message) from exc


@broken(
    "a file of an order that does not exist is an error",
    "test_a_late_file_of_an_order_that_does_not_exist_is_an_error_and_is_at_no_other",
)
class FilesOfNobodyAreTaken(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> bool:
        try:
            return await super().attach_asset(accepted, line, artwork, content)
        except Refused:
            return True


@broken(
    "only the file that is meant is replaced", "test_what_the_mis_does_not_have_at_a_line_is_not_replaced"
)
class AnyFileIsReplaced(Platen):
    @hookimpl
    async def replace_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork, content: bytes
    ) -> str:
        try:
            return await super().replace_asset(accepted, line, old, new, content)
        except Refused:
            await super().attach_asset(accepted, line, new, content)
            return ""


@broken(
    "what was not replaced is not found so",
    "test_a_file_is_put_in_the_place_of_another_at_its_line_and_found_so",
)
class EverythingIsReplaced(Platen):
    @hookimpl
    async def find_replacement(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork
    ) -> FoundChange:
        return FoundChange(done=True)


@broken(
    "a file is replaced and not put beside it",
    "test_a_file_is_put_in_the_place_of_another_at_its_line_and_found_so",
)
class ReplacementIsPutBeside(Platen):
    @hookimpl
    async def replace_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, old: Artwork, new: Artwork, content: bytes
    ) -> str:
        await super().attach_asset(accepted, line, new, content)
        return ""


@broken("each role is named once", "test_what_files_it_takes_is_said_without_a_call_each_role_once")
class RolesTwice(Platen):
    @hookimpl
    def list_taken_files(self) -> tuple[TakenFile, ...]:
        return super().list_taken_files() * 2


@broken("files of each role that is uploaded are taken", "test_files_of_each_role_that_is_uploaded_are_taken")
class ProofsAreForgotten(Platen):
    @hookimpl
    async def attach_asset(
        self, accepted: AcceptedOrder, line: AcceptedLine, artwork: Artwork, content: bytes
    ) -> Any:
        if artwork.role == "proof":
            return True
        return await super().attach_asset(accepted, line, artwork, content)
