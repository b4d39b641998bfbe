"""The parameters of the model that a scenario sets under `assumptions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, create_model

from cxmodel.model.assumptions import Parameter, parameters
from cxmodel.scenario.fields.base import FieldGroup
from cxmodel.scenario.fields.units import amount


def _range(known: Parameter) -> str:
    return f"a number from {known.low:g} to {known.high:g}"


if TYPE_CHECKING:

    class Assumed(FieldGroup):
        """Parameters of the model that this scenario sets."""

else:
    Assumed = create_model(
        "Assumed",
        __base__=FieldGroup,
        __doc__="Parameters of the model that this scenario sets.",
        **{
            name: (
                Annotated[float, amount(known.low, known.high, _range(known), known.unit)],
                Field(known.default, description=f"{known.what}; {known.unit}, {known.default:g} where not set."),
            )
            for name, known in parameters().items()
        },
    )
    """Made from the table of parameters."""
