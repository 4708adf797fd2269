#include "core/problems/problem.h"

namespace tokenlab::problems {

QByteArray name(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return QByteArrayLiteral("error");
    case Severity::Warning:
        return QByteArrayLiteral("warning");
    case Severity::Hint:
        break;
    }
    return QByteArrayLiteral("hint");
}

} // namespace tokenlab::problems
