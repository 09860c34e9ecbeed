"""Frames: whatever the socket makes of the bytes, what was sent arrives."""

import socket
from threading import Thread, Timer
from time import thread_time

import pytest
from gcm.process.frames import DATA, END, Frames, frame
from gcm.process.wakeful import Wakeful
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.tuples(st.sampled_from([DATA, END]), st.binary(max_size=300))), st.integers(1, 50))
def test_frames_arrive_as_sent(sent: list[tuple[bytes, bytes]], step: int) -> None:
    data = b"".join(frame(kind, payload) for kind, payload in sent)
    near, far = socket.socketpair()
    with near, far:
        for start in range(0, len(data), step):
            near.sendall(data[start : start + step])
        incoming = Frames(far)
        assert [incoming.read() for _ in sent] == sent


def test_frames_that_have_arrived_need_no_waiting() -> None:
    near, far = socket.socketpair()
    with near, far:
        near.sendall(frame(DATA, b"one") + frame(DATA, b"two") + frame(END)[:3])
        incoming = Frames(far)
        assert incoming.read() == (DATA, b"one")
        assert (incoming.next(), incoming.next()) == ((DATA, b"two"), None)


def test_large_frame_is_one() -> None:
    near, far = socket.socketpair()
    with near, far:
        sender = Thread(target=near.sendall, args=(frame(DATA, b"x" * 5_000_000),))
        sender.start()
        assert Frames(far).read() == (DATA, b"x" * 5_000_000)
        sender.join()


def test_end_of_the_other_side_is_an_error() -> None:
    near, far = socket.socketpair()
    with far:
        near.sendall(frame(DATA, b"half")[:6])
        near.close()
        with pytest.raises(EOFError):
            Frames(far).read()


def test_waiting_awake_gives_what_is_there_and_what_comes_later() -> None:
    near, far = socket.socketpair()
    with near, far:
        incoming = Frames(far)
        near.sendall(frame(DATA, b"one") + frame(DATA, b"two"))
        assert incoming.read_awake(Wakeful(60)) == (DATA, b"one")
        assert incoming.read_awake(Wakeful(60)) == (DATA, b"two")  # it came with the first
        later = Timer(0.1, near.sendall, [frame(END)])
        later.start()
        assert incoming.read_awake(Wakeful(60)) == (END, b"")
        later.join()


def test_waiting_awake_ends_in_sleep() -> None:
    near, far = socket.socketpair()
    with near, far:
        later = Timer(0.3, near.sendall, [frame(END)])
        later.start()
        worked = thread_time()
        assert Frames(far).read_awake(Wakeful(0.001)) == (END, b"")
        assert thread_time() - worked < 0.1
        later.join()
