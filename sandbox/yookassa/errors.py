"""Refusals in YooKassa's words."""


class ApiError(Exception):
    """An answer that is not 200.

    parameter  the field or header that is to blame
    """

    def __init__(self, status: int, code: str, description: str, *, parameter: str | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.parameter = parameter

    def to_object(self, error_id: str) -> dict[str, str]:
        error = {"type": "error", "id": error_id, "code": self.code, "description": self.description}
        if self.parameter:
            error["parameter"] = self.parameter
        return error


def invalid(parameter: str, description: str) -> ApiError:
    return ApiError(400, "invalid_request", description, parameter=parameter)


def forbidden(parameter: str, description: str) -> ApiError:
    return ApiError(403, "forbidden", description, parameter=parameter)


def not_found(parameter: str, description: str) -> ApiError:
    return ApiError(404, "not_found", description, parameter=parameter)
