#include "core/twin/outcome.h"

namespace tokenlab::twin {

QByteArray name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Signed:
        return QByteArrayLiteral("signed");
    case Verdict::PartlySigned:
        return QByteArrayLiteral("partly-signed");
    case Verdict::Unsigned:
        return QByteArrayLiteral("unsigned");
    case Verdict::Refused:
        return QByteArrayLiteral("refused");
    case Verdict::DoesNotStart:
        return QByteArrayLiteral("does-not-start");
    case Verdict::Incomplete:
        return QByteArrayLiteral("incomplete");
    }
    return {};
}

QByteArray name(Stage stage)
{
    switch (stage) {
    case Stage::Config:
        return QByteArrayLiteral("config");
    case Stage::Key:
        return QByteArrayLiteral("key");
    case Stage::Request:
        return QByteArrayLiteral("request");
    case Stage::Backend:
        return QByteArrayLiteral("backend");
    case Stage::Shape:
        return QByteArrayLiteral("shape");
    case Stage::Sign:
        return QByteArrayLiteral("sign");
    case Stage::Reply:
        return QByteArrayLiteral("reply");
    case Stage::Validators:
        return QByteArrayLiteral("validators");
    }
    return {};
}

} // namespace tokenlab::twin
