from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime import settings

from core.errors import BadInput
from core.graph import STACK, Graph
from core.resource import Resource
from stacks.capture import Surroundings, capture

Planned = Callable[[Callable[[], Any]], Graph]


def test_config_is_what_the_caller_says_and_nothing_from_the_shell(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"strongroom:colour": "red"}')
    monkeypatch.setenv("PULUMI_CONFIG_STRONGROOM_SIZE", "large")
    seen = {}

    def program() -> None:
        config = pulumi.Config()
        seen.update(
            {key: config.get(key) for key in ("colour", "size", "shape")},
            days=config.require_int("days"),
            where=(pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()),
        )

    capture(program, replace(around, config={"strongroom:shape": "round", "strongroom:days": "30"}))
    where = ("strongroom", "dev", True)
    assert seen == {"colour": None, "size": None, "shape": "round", "days": 30, "where": where}


@pytest.fixture
def own_threshold() -> Generator[None]:
    found = gc.get_threshold()
    gc.set_threshold(701, 11, 12)
    yield
    gc.set_threshold(*found)


@pytest.mark.usefixtures("own_threshold")
def test_nothing_of_the_callers_is_used_or_changed(planned: Planned) -> None:
    def state() -> tuple[Any, ...]:
        kept = [value for value in vars(settings.Settings).values() if hasattr(value, "fset")]
        here = [item.fget() for item in kept]
        elsewhere = [contextvars.Context().run(item.fget) for item in kept]
        return (*map(id, here + elsewhere), settings.get_root_resource(), gc.get_threshold(), threading.active_count())

    before = state()
    first, second = (planned(lambda: aws.s3.Bucket("one")) for _ in range(2))
    assert first == second
    assert state() == before


def test_capture_works_while_a_loop_runs_in_the_callers_thread(planned: Planned) -> None:
    def program() -> None:
        aws.s3.Bucket("one")

    async def caller() -> tuple[Graph, bool]:
        loop = asyncio.get_running_loop()
        return planned(program), loop is asyncio.get_running_loop()

    assert asyncio.run(caller()) == (planned(program), True)


def test_captures_in_several_threads_do_not_meet(around: Surroundings) -> None:
    def one(number: int) -> list[str]:
        here = replace(around, stack=f"dev{number}")
        graph = capture(lambda: [aws.s3.Bucket(f"b{number}-{i}") for i in range(20)], here)
        return [item.urn for item in graph.of_type("aws:s3/bucket:Bucket")]

    with ThreadPoolExecutor(4) as pool:
        for number, urns in enumerate(pool.map(one, range(4))):
            assert len(urns) == 20
            assert all(f":dev{number}::" in urn and f"::b{number}-" in urn for urn in urns)


def test_what_the_program_raises_surfaces_as_itself(planned: Planned) -> None:
    cause = KeyError("a cause")

    def program() -> None:
        aws.s3.Bucket("before")
        msg = "the program itself"
        raise BadInput(msg) from cause

    with pytest.raises(BadInput, match="the program itself") as caught:
        planned(program)
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("error", [BadInput("from an apply"), ValueError("x"), LookupError("y"), AssertionError("z")])
@pytest.mark.parametrize("is_input", [True, False])
def test_what_an_apply_raises_surfaces_as_itself(planned: Planned, error: Exception, *, is_input: bool) -> None:
    def fail(_: str) -> str:
        raise error

    def program() -> None:
        failing = pulumi.Output.from_input("a").apply(fail)
        if is_input:
            aws.s3.Bucket("needs", bucket=failing)
        aws.s3.Bucket("beside")

    with pytest.raises(type(error)) as caught:
        planned(program)
    assert caught.value is error
    assert caught.value.__cause__ is None


def test_a_task_that_nobody_waits_for_is_waited_for(planned: Planned) -> None:
    def program() -> None:
        async def later() -> None:
            await asyncio.sleep(0.001)
            aws.s3.Bucket("late")

        asyncio.get_running_loop().create_task(later())

    assert planned(program).of_type("aws:s3/bucket:Bucket")


def test_asynchronous_programs_run_to_their_end(planned: Planned) -> None:
    async def main() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"bucket": aws.s3.Bucket("awaited").id}

    graph = planned(lambda: pulumi.run(main))
    (bucket,) = graph.of_type("aws:s3/bucket:Bucket")
    assert graph.of_type(STACK)[0].outputs["bucket"].source == f"{bucket.urn}.id"


def test_an_error_that_the_program_logs_fails_the_plan_as_it_fails_a_deployment(planned: Planned) -> None:
    with pytest.raises(BadInput, match="reports an error: no zone left"):
        planned(lambda: pulumi.log.error("no zone left"))


def test_an_interruption_ends_the_run_at_once(around: Surroundings) -> None:
    seen = []

    def realise(resource: Resource) -> dict[str, str]:
        seen.append(resource.name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        capture(lambda: [aws.s3.Bucket(name) for name in "abc"], around, realise)
    assert len(seen) == 1
