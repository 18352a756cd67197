"""All endpoints of customer contact, and its truths: importing this module declares them."""

from wecom_simulator.external import (
    album_calls,
    behaviour_calls,
    customer_calls,
    group_calls,
    intercept_calls,
    join_way_calls,
    link_calls,
    mass_calls,
    moment_calls,
    strategy_calls,
    tag_calls,
    transfer_calls,
    truths,
    way_calls,
    welcome_calls,
)

REGISTERING = (
    album_calls,
    behaviour_calls,
    customer_calls,
    group_calls,
    intercept_calls,
    join_way_calls,
    link_calls,
    mass_calls,
    moment_calls,
    strategy_calls,
    tag_calls,
    transfer_calls,
    truths,
    way_calls,
    welcome_calls,
)
