import pytest

from api.core.notes import Checkpoint, sign
from api.domains.ledger.rules import Problem, verify_log
from api.domains.ledger.vocabulary import Fault
from tests.domains.ledger.logs import FORGED, ORIGIN, SIGNER, VKEY, checkpoint_of, log, log_of

SIZES = [0, 10, 20, 30, 40]
LOG = log(40, SIZES)


class TestWitness:
    # The operator changes entry 13 and signs everything anew: the export agrees with itself.
    rewritten = log_of([*LOG.bodies[:13], FORGED, *LOG.bodies[14:]], SIZES)

    def test_without_a_witness_it_cannot_be_seen(self) -> None:
        assert verify_log(self.rewritten.lines, self.rewritten.notes, VKEY).intact

    @pytest.mark.parametrize("held", [14, 20, 25, 40])
    def test_rewritten_history(self, held: int) -> None:
        known = [checkpoint_of(LOG.bodies[:held])]
        verdict = verify_log(self.rewritten.lines, self.rewritten.notes, VKEY, known=known)
        assert verdict.problems == (Problem(Fault.REWRITTEN_HISTORY, 0, held - 1),)

    def test_several_checkpoints_of_a_witness_bracket_it(self) -> None:
        known = [checkpoint_of(LOG.bodies[:held]) for held in (40, 16, 15, 25, 12)]
        verdict = verify_log(self.rewritten.lines, self.rewritten.notes, VKEY, known=known)
        assert verdict.problems == (Problem(Fault.REWRITTEN_HISTORY, 12, 14),)

    def test_a_witness_from_before_the_change_agrees(self) -> None:
        known = [checkpoint_of(LOG.bodies[:13])]
        assert verify_log(self.rewritten.lines, self.rewritten.notes, VKEY, known=known).intact

    def test_old_checkpoints_kept_beside_new_ones_convict(self) -> None:
        notes = [*LOG.notes[:4], self.rewritten.notes[4]]
        verdict = verify_log(self.rewritten.lines, notes, VKEY)
        assert verdict.problems == (Problem(Fault.CONFLICTING_CHECKPOINTS, 10, 19, 2),)
        assert verdict.size == 40

    @pytest.mark.parametrize("order", [1, -1])
    def test_two_checkpoints_of_one_size(self, order: int) -> None:
        both = [LOG.notes[4], self.rewritten.notes[4]][::order]
        verdict = verify_log(LOG.lines, [*LOG.notes[:2], *both], VKEY)
        assert [p.fault for p in verdict.problems] == [Fault.CONFLICTING_CHECKPOINTS]
        assert verdict.size == 40

    def test_a_wrong_root_of_the_empty_log(self) -> None:
        note = sign(Checkpoint(ORIGIN, 0, bytes(32)), SIGNER)
        verdict = verify_log(LOG.lines, [note, *LOG.notes], VKEY)
        assert verdict.problems == (Problem(Fault.CONFLICTING_CHECKPOINTS, checkpoint=0),)

    def test_a_checkpoint_of_another_log(self) -> None:
        known = [checkpoint_of(LOG.bodies, "another.example/ledger")]
        verdict = verify_log(LOG.lines, LOG.notes, VKEY, known=known)
        assert verdict.problems == (Problem(Fault.WRONG_ORIGIN),)
