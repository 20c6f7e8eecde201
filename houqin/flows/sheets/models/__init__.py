"""Imports: what was handed in, what was understood, what was written, and where each written row came from."""

from houqin.flows.sheets.models.lineage import RecordedRow
from houqin.flows.sheets.models.runs import ImportContent, ImportFile, ImportProposal, ImportRow, ImportRun

__all__ = ["ImportContent", "ImportFile", "ImportProposal", "ImportRow", "ImportRun", "RecordedRow"]
