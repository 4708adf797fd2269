#include "core/gateway/serviceoptions.h"

namespace tokenlab::gateway {
namespace {

LogOptions::Level levelOf(json::Value text)
{
    const QByteArray name = text.isString() ? text.bytes().toUpper() : QByteArray();
    if (name == "CRITICAL")
        return LogOptions::Critical;
    if (name == "ERROR")
        return LogOptions::Error;
    if (name == "WARNING")
        return LogOptions::Warning;
    return LogOptions::Everything; // the lab tells of nothing below a warning
}

} // namespace

QByteArray name(LogOptions::Level level)
{
    switch (level) {
    case LogOptions::Critical:
        return QByteArrayLiteral("CRITICAL");
    case LogOptions::Error:
        return QByteArrayLiteral("ERROR");
    case LogOptions::Warning:
        return QByteArrayLiteral("WARNING");
    case LogOptions::Nothing:
    case LogOptions::Everything:
        break;
    }
    return {};
}

bool LogOptions::prints(QByteArrayView line) const
{
    const Level needed = line.startsWith("WARNING ") ? Warning : line.startsWith("ERROR ") ? Error : Critical;
    return level >= needed;
}

LogOptions readLogOptions(json::Value logging)
{
    LogOptions out;
    if (!logging.isObject())
        return out;
    out.toSyslog = logging.find("syslog").asBool();
    const bool printed = logging.find("stdout").asBool() || out.toSyslog;
    out.level = printed ? levelOf(logging.find("level")) : LogOptions::Nothing;
    return out;
}

} // namespace tokenlab::gateway
