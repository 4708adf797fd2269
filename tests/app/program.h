// Runs the real program against a playground in the test's own process. The event loop turns while it runs, so that the playground answers.
#pragma once

#include "core/playground/demo.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QtTest>

#include <memory>

struct Ran {
    int code = -1;
    QByteArray out, err;
};

class Program
{
public:
    Program() : m_backend(tokenlab::systemNow)
    {
        const auto port = m_backend.start(0, true);
        if (!port)
            qFatal("no playground: %s", qPrintable(port.error().text));
    }

    [[nodiscard]] QByteArray origin() const { return m_backend.origin(); }
    [[nodiscard]] QString path(const QString &name) const { return m_directory.filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
    }
    [[nodiscard]] QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    // In the test's own directory. `ORIGIN` in an argument is the playground's address.
    [[nodiscard]] Ran run(QStringList arguments, const QByteArray &input = {}, const QMap<QString, QString> &environment = {}) const
    {
        arguments.replaceInStrings(QStringLiteral("ORIGIN"), QString::fromUtf8(origin()));
        return execute(QStringLiteral(TOKENLAB_PROGRAM), arguments, input, environment);
    }
    // A line for the shell, with the program in its path.
    [[nodiscard]] Ran shell(const QString &line) const { return execute(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), line}, {}, {}); }

private:
    [[nodiscard]] Ran execute(const QString &program, const QStringList &arguments, const QByteArray &input,
                              const QMap<QString, QString> &environment) const
    {
        QProcess process;
        QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
        const QString directory = QFileInfo(QStringLiteral(TOKENLAB_PROGRAM)).absolutePath();
        variables.insert(QStringLiteral("PATH"), directory + QLatin1Char(':') + variables.value(QStringLiteral("PATH")));
        for (auto it = environment.begin(); it != environment.end(); ++it)
            variables.insert(it.key(), it.value());
        process.setProcessEnvironment(variables);
        process.setWorkingDirectory(m_directory.path());
        QSignalSpy finished(&process, &QProcess::finished);
        process.start(program, arguments);
        process.write(input);
        process.closeWriteChannel();
        Ran ran;
        if (!finished.wait(60000)) {
            process.kill();
            process.waitForFinished();
            ran.err = "the program did not end";
            return ran;
        }
        ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ran.out = process.readAllStandardOutput();
        ran.err = process.readAllStandardError();
        return ran;
    }

    QTemporaryDir m_directory;
    tokenlab::playground::DemoBackend m_backend;
};

// Exactly one JSON object and a line end, nothing else.
inline QJsonObject onlyObject(const QByteArray &out)
{
    if (!out.endsWith("}\n") || out.count('\n') != 1)
        return {};
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(out, &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

#define COMPARE_RAN(ran, expectedCode)                                                                                                     \
    QVERIFY2((ran).code == (expectedCode),                                                                                                 \
             qPrintable(QStringLiteral("exit %1\n").arg((ran).code) + QString::fromUtf8((ran).out) + QString::fromUtf8((ran).err)))
