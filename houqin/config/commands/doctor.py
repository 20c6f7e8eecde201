"""``houqin doctor``: checks this installation and says what to mend."""

import typer

from houqin.config.commands.terminal import AsJson, command, out, print_json

MARKS = {"fine": ("✓", "green"), "note": ("·", "yellow"), "mend": ("✗", "red")}


@command
def doctor(as_json: AsJson = False) -> None:
    """Check the installation; exit code 1 when something must be mended."""
    from houqin.config.health import examine

    findings = examine()
    if as_json:
        print_json(
            {
                "healthy": all(finding.level != "mend" for finding in findings),
                "findings": [
                    {"check": f.check, "level": f.level, "message": str(f.message), "mend": str(f.mend)}
                    for f in findings
                ],
            }
        )
    else:
        for finding in findings:
            mark, style = MARKS[finding.level]
            out.print(f"{mark} {finding.message}", style=style, markup=False, highlight=False)
            if finding.mend:
                out.print(f"  → {finding.mend}", markup=False, highlight=False)
    if any(finding.level == "mend" for finding in findings):
        raise typer.Exit(1)
