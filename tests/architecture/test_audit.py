"""Nothing is changed silently: every public service writes an audit line, takes the actor by keyword and says so."""

import ast

from tests.architecture.conftest import SOURCE

AUDITS = {"audit", "audit_many"}
# public functions of services that change nothing worth a line, each with its reason
SILENT = {
    "records.services.trail.audit": "it is the line",
    "records.services.trail.audit_many": "it is the lines",
    "records.services.replies.remembered": "reads",
    "records.services.replies.remember": "keeps an answer whose effect has its own line",
    "records.services.replies.count_call": "counts, thousands of times a day",
    "records.services.replies.forget_replies": "deletes remembered answers after a day",
    "records.services.attaching.largest": "computes",
    "network.services.structure.rebuild_ancestry": "derives; its callers write the line",
    "network.services.structure.brand_over": "reads",
    "network.services.sheets.read": "reads a sheet",
    "network.services.offers.replace": "part of an import, which writes the lines",
    "network.services.rows.template": "reads",
    "access.services.people.digest": "computes",
    "access.services.people.open_link": "reads",
    "access.services.people.accept_link": "its parts write the lines",
    "access.services.rights.refuse_beyond": "checks",
    "access.services.rights.role_and_node": "reads",
    "access.services.tokens.use_token": "notes the minute of the last use, thousands of times a day",
    "customers.services.deriving.grade": "derives; its callers write the line",
    "customers.services.deriving.refresh": "derives; its callers write the line",
    "customers.services.pointers.move": "part of a merge, which writes the lines",
    "customers.services.pointers.move_back": "part of an undo, which writes the lines",
    "customers.services.recording.clean_fields": "computes",
    "customers.services.standards.require": "checks",
    "customers.services.standards.keep": "checks",
    "customers.services.standards.compare": "reads",
    "customers.services.recording.put_identity": "part of a change, which writes the line",
    "vehicles.services.cars.read_vin": "computes",
    "vehicles.services.cars.read_plate": "computes",
    "vehicles.services.cars.refuse_future": "checks",
    "vehicles.services.cars.facts": "computes",
    "vehicles.services.deriving.refresh": "derives; its callers write the line",
    "vehicles.services.deriving.odometer": "derives; its callers write the line",
    "vehicles.services.deriving.follow_merge": "derives after a merge, which wrote the line",
    "vehicles.services.papers.reckon": "derives; its callers write the line",
    "vehicles.services.warranties.reckon_later": "stores a job, which writes the line",
    "care.services.merging.merge_states": "derives; the pass of the night keeps its own line",
    "care.services.merging.merge_habits": "derives; the pass of the night keeps its own line",
    "care.services.merging.merge_bounds": "derives; the pass of the night keeps its own line",
    "insight.services.following.touch": "notes whom a change is about; the change wrote the line",
    "insight.services.following.note_visit": "notes whom a change is about; the change wrote the line",
    "insight.services.following.note_car": "notes whom a change is about; the change wrote the line",
    "insight.services.following.note_owners": "notes whom a change is about; the change wrote the line",
    "insight.services.following.note_customer": "notes whom a change is about; the change wrote the line",
    "insight.services.following.note_merge": "notes whom a change is about; the change wrote the line",
    "insight.services.following.note_import": "notes whom an import is about; the import wrote the line",
    "insight.services.following.follow": "derives after a change, which wrote the line",
    "insight.services.night.missing": "computes",
    "insight.services.effects.work_out": "part of a pass, which writes the line",
    "insight.services.working.clear_owners": "part of a pass, which writes the line",
    "insight.services.differing.cars": "computes",
    "insight.services.differing.owners": "computes",
    "insight.services.working.give": "computes",
    "insight.services.working.lay_owners": "part of a pass, which writes the line",
    "insight.services.working.over": "computes",
    "insight.services.working.fill": "fills a table of DuckDB",
    "insight.services.working.lines": "reads a table of DuckDB",
    "insight.services.working.lay_paces": "part of a pass, which writes the line",
    "insight.services.working.lay_tiers": "part of a pass, which writes the line",
    "insight.services.working.bound_tiers": "part of a pass, which writes the line",
    "insight.services.working.prepare": "part of a pass, which writes the line",
    "insight.services.working.habits": "part of a pass, which writes the line",
    "insight.services.working.merge": "part of a pass, which writes the line",
    "care.services.settling.settle": "the worklist writes the lines",
    "care.services.settling.leave_withdrawn": "the worklist writes the lines",
    "care.services.posting.post": "messaging and the worklist write the lines",
    "care.services.writing.write": "part of the night, which writes the line",
    "care.services.replacing.replace": "part of the night, which writes the line",
    "care.services.nightly.decide": "part of the night, which writes the line",
    "care.services.rules.refuse_unfit": "checks",
    "care.services.mornings.ask_rounds": "part of the morning, which writes the line",
    "care.services.shortcomings.note": "part of a round, which writes the line",
    "care.services.shortcomings.ask": "writes tasks, which have their own line",
    "rectification.services.steps.reason_of": "computes",
    "rectification.services.steps.moved": "checks and locks",
    "rectification.services.steps.ask": "writes a task, which has its own line",
    "rectification.services.steps.end": "the worklist writes the line",
    "rectification.services.steps.plain": "computes",
    "rectification.services.steps.line": "computes",
    "rectification.services.steps.department_of": "reads",
    "campaigns.services.recalls.locked": "checks and locks",
    "campaigns.services.recalls.audit": "it is the line",
    "campaigns.services.recalls.refuse_template": "checks",
    "campaigns.services.planning.said": "computes",
    "campaigns.services.deciding.moved": "checks and locks",
    "messaging.services.joining.take_part": "keeps a part; the whole answer has the line",
    "messaging.services.joining.keep_late": "each answer has its line",
    "messaging.services.templates.text_flaws": "checks",
    "messaging.services.dropping.drop": "part of sending and of printing, which write the line",
    "messaging.services.receiving.collect": "its parts write the lines",
    "messaging.services.receiving.hear": "its parts write the lines",
    "messaging.services.receiving.keep": "its parts write the lines",
    "messaging.services.wechat.receive": "its parts write the lines",
    "messaging.services.reports.mark_dead": "customers write the line",
    "contact_centre.services.reports.settled": "computes",
    "contact_centre.services.reports.refuse_promise": "checks",
    "contact_centre.services.reports.refuse_means": "checks",
    "contact_centre.services.rating.rate": "keeps what the answers are worth; the call has its own line",
    "contact_centre.services.findings.pass_all_on": "its parts write the lines",
    "verification.services.rewriting.place": "computes",
    "verification.services.rewriting.asked_at": "computes",
    "verification.services.rewriting.rewrite": "the services of the record write the lines",
    "verification.services.rewriting.keep": "part of an answer, which writes the line",
    "verification.services.steps.moved": "checks and locks",
    "verification.services.steps.ask": "writes a task, which has its own line",
    "verification.services.steps.end": "the worklist writes the line",
    "verification.services.steps.plain": "computes",
    "verification.services.steps.line": "computes",
    "verification.services.ordering.order": "its part writes the line",
    "verification.services.checking.prefix": "computes",
    "contact_centre.services.findings.order_correction": "orders a correction, which has its own line",
    "contact_centre.services.findings.pass_on": "writes a task, which has its own line",
    "contact_centre.services.findings.put_before": "issues a notice, which has its own line",
    "contact_centre.services.enquiry_steps.moved": "checks and locks",
    "contact_centre.services.enquiry_steps.ask": "writes a task, which has its own line",
    "contact_centre.services.enquiry_steps.end": "the worklist writes the line",
    "contact_centre.services.enquiry_steps.line": "computes",
    "contact_centre.services.replying.may_reveal": "computes",
    "contact_centre.services.enquiry_steps.department_of": "reads",
    "complaints.services.steps.locked": "locks",
    "complaints.services.steps.move": "checks",
    "complaints.services.steps.need": "checks",
    "complaints.services.steps.this_round": "reads",
    "complaints.services.steps.term": "computes",
    "complaints.services.steps.due": "computes",
    "complaints.services.steps.owner_of": "computes",
    "complaints.services.steps.solve_due": "computes",
    "complaints.services.steps.ask_solution": "writes a task, which has its own line",
    "complaints.services.rechecking.take_in_again": "its part writes the line",
    "complaints.services.steps.ask": "writes a task, which has its own line",
    "complaints.services.steps.end": "the worklist writes the line",
    "complaints.services.steps.say": "part of a step, which writes the line",
    "complaints.services.steps.plain": "computes",
    "complaints.services.steps.line": "computes",
    "complaints.services.handling.close": "part of a step, which writes the line",
    "complaints.services.compensating.limit_of": "computes",
    "complaints.services.compensating.refuse_beyond": "checks",
    "complaints.services.cautioning.hold": "checks and locks",
    "complaints.services.caution_rule.follow": "its part writes the line",
    "complaints.services.from_calls.take_in": "its parts write the lines",
    "complaints.services.from_rescues.take_in": "its part writes the line",
    "rescue.services.telling.tell_link": "messaging writes the line",
    "complaints.services.judging.may_judge": "checks",
    "complaints.services.judging.is_ripe": "reads",
    "complaints.services.judging.was_late": "reads",
    "complaints.services.revisit.verb_for": "computes",
    "crisis.services.leaving_alone.settle": "privacy writes the line",
    "crisis.services.watching.open_repeated": "each opening writes its line",
    "crisis.services.steps.locked": "checks and locks",
    "crisis.services.steps.stands": "computes",
    "crisis.services.steps.move": "checks",
    "crisis.services.steps.need_running": "checks",
    "crisis.services.steps.say": "part of a step, which writes the line",
    "crisis.services.steps.end_lead": "the worklist writes the line",
    "crisis.services.steps.plain": "computes",
    "crisis.services.steps.line": "computes",
    "crisis.services.opening.from_complaint": "reads",
    "crisis.services.opening.refuse_taken": "checks",
    "crisis.services.opening.refuse_unknown": "checks",
    "crisis.services.opening.ask_lead": "writes a task, which has its own line",
    "crisis.services.steps.let_in": "part of a step, which writes the line",
    "crisis.services.asking.ask": "the worklist writes the line, and the alarm has its own",
    "crisis.services.asking.end": "the worklist writes the line",
    "workbench.services.forget_crisis": "calls forget, which writes the line",
    "workbench.services.tell_alarm_raised": "calls notify, which writes the line",
    "workbench.services.tell_reading_asked": "calls notify, which writes the line",
    "workbench.services.tell_crisis_told": "calls notify, which writes the line",
    "knowledge.services.writing.locked": "checks and locks",
    "knowledge.services.asking.line": "computes",
    "knowledge.services.asking.own": "checks",
    "rescue.services.steps.reason_of": "computes",
    "rescue.services.steps.moved": "checks and locks",
    "rescue.services.steps.running": "reads and locks",
    "rescue.services.steps.ask": "writes a task, which has its own line",
    "rescue.services.steps.end": "the worklist writes the line",
    "rescue.services.steps.to_be_sent": "part of a step, which writes the line",
    "rescue.services.steps.plain": "computes",
    "rescue.services.steps.line": "computes",
    "workbench.services.tell_complaint_warned": "calls notify, which writes the line",
    "workbench.services.mark_read": "reading a line meant for oneself is nobody else's business",
    "workbench.services.mark_all_read": "reading lines meant for oneself is nobody else's business",
    "workbench.services.tell_role_granted": "calls notify, which writes the line",
    "workbench.services.tell_membership_ended": "calls notify, which writes the line",
    "workbench.services.tell_invitation_accepted": "calls notify, which writes the line",
    "worklist.services.deriving.follow_merge": "derives after a merge, which wrote the line",
    "worklist.services.deriving.follow_undone_merge": "derives after an undo, which wrote the line",
    "worklist.services.deadlines.reckon": "computes",
    "worklist.services.working.locked": "checks and locks",
    "worklist.services.working.plain": "computes",
    "intake.services.deriving.derive_part": "derives; the import wrote the line",
    "workbench.services.tell_import_ended": "calls notify, which writes the line",
    "workbench.services.tell_tasks_assigned": "calls notify, which writes the line",
    "workbench.services.tell_tasks_escalated": "calls notify, which writes the line",
    "workbench.services.tell_network_imported": "calls notify, which writes the line",
}
# modules of services that read files and compute; nothing is stored there
COMPUTING = tuple(
    f"intake.services.{name}"
    for name in ("dealer_files", "findings", "judging", "kinds", "normalising", "previewing", "proposing", "reading")
)
NO_ACTOR = {
    "knowledge.services.writing.audit": "the line of a step; its callers take the actor by keyword",
    "campaigns.services.deciding.audit": "the line of a step; its callers take the actor by keyword",
    "access.services.people.accept_link": "somebody who has not signed in; the link is the right",
    "customers.services.grading.grade_stale": "the job of the night; nobody asks for it",
}


def _modules():
    for path in [*SOURCE.glob("*/services.py"), *SOURCE.glob("*/services/*.py")]:
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        yield name, ast.parse(path.read_text())


def _functions():
    for name, tree in _modules():
        local = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for function in local.values():
            if not function.name.startswith("_") and name not in COMPUTING:
                yield f"{name}.{function.name}", function, local


def _calls(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            yield target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _audits(function, local, seen=()):
    called = set(_calls(function))
    if called & AUDITS or "write_membership" in called:
        return True
    inner = [local[name] for name in called if name in local and name not in seen]
    return any(_audits(item, local, (*seen, function.name)) for item in inner)


def test_every_public_service_writes_an_audit_line():
    silent = {name for name, function, local in _functions() if not _audits(function, local)}
    assert silent - set(SILENT) == set()


def test_every_exception_is_still_an_exception():
    known = {name for name, _function, _local in _functions()}
    assert set(SILENT) - known == set()


def test_every_writing_service_takes_the_actor_by_keyword():
    wrong = []
    for name, function, _local in _functions():
        if name in SILENT or name in NO_ACTOR:
            continue
        if "actor" not in {arg.arg for arg in function.args.kwonlyargs} or function.args.args:
            wrong.append(name)
    assert wrong == []


def test_every_public_service_says_what_it_does():
    assert [name for name, function, _local in _functions() if not ast.get_docstring(function)] == []
