"""Refusals in the bank's words. The numbers are from memory and stand only here."""

NUMBER_USED = "1"
NO_BINDING = "2"
WRONG_CURRENCY = "3"
MISSING = "4"
WRONG_VALUE = "5"
NO_ORDER = "6"
WRONG_STATE = "7"  # the bank's "system error", which it also answers to what the order's state forbids


class ApiError(Exception):
    """An answer whose `errorCode` is not 0."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def missing(parameter: str) -> ApiError:
    return ApiError(MISSING, f"Не указан параметр {parameter}")


def wrong(parameter: str, why: str) -> ApiError:
    return ApiError(WRONG_VALUE, f"Неверное значение параметра {parameter}: {why}")


def access_denied() -> ApiError:
    return ApiError(WRONG_VALUE, "Доступ запрещён")


def no_order() -> ApiError:
    return ApiError(NO_ORDER, "Заказ не найден")


def no_binding() -> ApiError:
    return ApiError(NO_BINDING, "Сохранённая карта не найдена")


def wrong_state() -> ApiError:
    return ApiError(WRONG_STATE, "Операция невозможна для заказа в этом состоянии")
