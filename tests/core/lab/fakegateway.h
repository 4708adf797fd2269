// Programs that behave like a bad krakend, and what is known of the real one.
#pragma once

#include "core/lab/krakend.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

class FakePrograms
{
public:
    // A shell script of that name; its path.
    [[nodiscard]] QString script(const QString &name, const QByteArray &lines) const
    {
        const QString path = m_folder.filePath(name);
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write("#!/bin/sh\n" + lines + '\n');
        file.close();
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path;
    }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QStringList gatewayFolders() const
    {
        return QDir(m_folder.path()).entryList({QStringLiteral("token-lab-gateway-*")}, QDir::Dirs);
    }

private:
    QTemporaryDir m_folder;
};

// Neither running nor anything but a zombie that nobody has asked after.
inline bool isGone(qint64 pid)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return true;
    const QByteArray text = stat.readAll();
    return text.mid(text.lastIndexOf(')') + 2, 1) == "Z";
}

#define SKIP_WITHOUT_KRAKEND(found)                                                                                                        \
    const auto found = tokenlab::lab::findGateway();                                                                                       \
    if (!found)                                                                                                                            \
    QSKIP("no krakend: TOKENLAB_KRAKEND names none and the PATH has none")
