"""Wait for the PDF library's coroutines from ordinary code, wherever that code runs."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def wait_for(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end; in a thread of its own when this one has an event loop running already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(_run, coroutine).result()


def result_of(begin: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """The result of a coroutine that has nothing to wait for, without the millisecond that an event loop costs.

    One that waits all the same is begun once more, with a loop.
    """
    coroutine = begin()
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    coroutine.close()
    return wait_for(begin())


def _run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """As `asyncio.run`, without its watch over signals and threads: that takes longer than a signature."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
