"""The checklists there are, the shape of their files, and whether one is valid."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import JSONResponse

from checklists.checklist import Checklist
from checklists.files.load import load_checklist, names
from checklists.files.schema import Kind, schema
from tasks.validating import validate_text
from web.api.bodies import ChecklistText
from web.api.calls import Asked, Call
from web.api.problems import Problem
from web.api.route import door
from web.api.shapes import ChecklistShape, ChecklistsShape, ValidatedShape

reading = door("read", "checklists")
ROUTERS = (reading,)
Name = Annotated[str, Path(description="The checklist, such as `saas-feature`.", examples=["saas-feature"])]


@reading.get("/checklists", response_model=ChecklistsShape, summary="List checklists")
def list_checklists(call: Asked) -> JSONResponse:
    """By name: your own, and those of the library."""
    return JSONResponse({"checklists": list(names(call.world.settings.folders))})


@reading.get("/checklists/{checklist}", response_model=ChecklistShape, summary="Show a checklist")
def show_checklist(call: Asked, checklist: Name) -> JSONResponse:
    """With everything it extends merged in."""
    return JSONResponse(checklist_of(call, checklist).model_dump(mode="json", exclude_none=True))


def checklist_of(call: Call, name: str) -> Checklist:
    """Raises Problem where there is none of this name."""
    folders = call.world.settings.folders
    if name not in names(folders):
        raise Problem(
            404, "there is no checklist of this name; GET /api/checklists lists them", kind="no-such-checklist"
        )
    return load_checklist(name, folders).checklist


@reading.post("/validate", response_model=ValidatedShape, summary="Check a checklist")
def validate(call: Asked, said: ChecklistText) -> JSONResponse:
    """A file of yours, against the library and the organisation. Nothing is kept, and no launch is started."""
    findings = validate_text(call.world, said.text)
    told = [{"file": one.file.name, "line": one.line, "path": one.path, "problem": one.problem} for one in findings]
    return JSONResponse({"valid": not told, "findings": told})


@reading.get("/schemas/{kind}", response_model=dict[str, Any], summary="Show the JSON Schema of a file")
def show_schema(call: Asked, kind: Annotated[Kind, Path(description="Which file.")]) -> JSONResponse:
    """For editors: of checklist files, or of the organisation file."""
    return JSONResponse(schema(kind))
