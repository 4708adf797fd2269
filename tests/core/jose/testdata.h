// Reading the recorded cases of tests/data.
#pragma once

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

namespace testdata {

inline QJsonDocument read(const char *name)
{
    QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/") + QString::fromLatin1(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll());
}

inline QByteArray bytes(const QJsonValue &value)
{
    return value.toString().toUtf8();
}

} // namespace testdata
