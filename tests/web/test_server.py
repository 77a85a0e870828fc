import socket

from makeready.web.server import bind


def test_an_answer_does_not_wait_for_acknowledgements() -> None:
    """Head and body of an answer are two writes: on a kept connection the second would wait for 40 ms."""
    with bind("127.0.0.1", 0) as bound:
        bound.listen()
        with socket.create_connection(bound.getsockname()), bound.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
