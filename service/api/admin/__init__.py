"""`/v1/admin/…`: what officers see of deliveries and lanes, and what they order. One address alone tells words."""

from service.api.admin import deliveries, lane, orders, replays

BLUEPRINTS = (deliveries.blueprint, replays.blueprint, orders.blueprint, lane.blueprint)

__all__ = ["BLUEPRINTS"]
