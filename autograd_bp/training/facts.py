"""Facts about its making that a model file keeps for readers: the release, the day, the data."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from autograd_bp.training.dataset import DataSet
from autograd_bp.training.tabular import TableData
from autograd_bp.version import __version__

__all__ = ["facts_of", "fingerprint"]


def facts_of(data: DataSet | TableData) -> dict[str, Any]:
    """The release, the date, the number of rows, and a fingerprint of them. The date is that of
    SOURCE_DATE_EPOCH where that is in the environment, so that a model can be made again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch.isdigit() else None
    moment = moment or datetime.now(timezone.utc)
    return {
        "release": __version__,
        "date": moment.date().isoformat(),
        "rows": len(data.answers),
        "fingerprint": fingerprint(data),
    }


def fingerprint(data: DataSet | TableData) -> str:
    """SHA-256 over the names of the columns and their cells."""
    digest = sha256()
    if isinstance(data, DataSet):
        digest.update(repr((data.columns, data.inputs, data.answers)).encode())
        return digest.hexdigest()
    for name, column in data.frame.columns.items():
        digest.update(f"{name!r}\n".encode())
        if hasattr(column.cells, "tobytes"):
            digest.update(column.cells.tobytes())
        else:
            digest.update("\0".join(column.texts()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
