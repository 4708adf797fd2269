// A real KrakenD on this machine: finding it, its release, and what its `check` says of a file.
#pragma once

#include "core/support/result.h"
#include "core/twin/comparison.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

class QProcessEnvironment;

namespace tokenlab::lab {

struct GatewayProgram {
    enum Kind { Binary, Docker };
    Kind kind = Binary;
    QString program; // the executable with its path: krakend, or docker
    QString image;   // Docker: `devopsfaith/krakend:2.13.8`
    [[nodiscard]] QString displayName() const;
};

// name: an executable (path, or found in the PATH), `docker:VERSION`, `docker:IMAGE:TAG`; empty: TOKENLAB_KRAKEND, else krakend in the
// PATH. Whether Docker's daemon answers shows when it is used.
[[nodiscard]] Result<GatewayProgram, twin::GatewayTrouble> findGateway(const QString &name = {});

// The environment for a gateway of ours: no KRAKEND_ and FC_ variables but those that are asked for, and no reports home.
[[nodiscard]] QProcessEnvironment gatewayProcessEnvironment(bool withGatewayVariables);

// A short command of a program; finished() once, from the event loop. Ends with this object.
class Command : public QObject
{
    Q_OBJECT
public:
    struct Answer {
        bool started = true;
        bool timedOut = false;
        bool crashed = false;
        int exitCode = 0;
        QByteArray output; // both channels, at most a megabyte
        QByteArray error;  // of the system, when it did not start
    };
    Command(const QString &program, const QStringList &arguments, std::chrono::milliseconds timeout, QObject *parent = nullptr);
    ~Command() override;
    void setWorkingDirectory(const QString &path);
    void setEnvironment(const QProcessEnvironment &environment);
    void start();

Q_SIGNALS:
    void finished(const tokenlab::lab::Command::Answer &answer);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

using Release = Result<QByteArray, twin::GatewayTrouble>; // `2.13.8`
// `krakend version`; of an image the command in it.
class ReleaseQuery : public QObject
{
    Q_OBJECT
public:
    explicit ReleaseQuery(const GatewayProgram &program, QObject *parent = nullptr);
    void start();

Q_SIGNALS:
    void finished(const tokenlab::lab::Release &release);

private:
    GatewayProgram m_program;
};
// From what `krakend version` prints; empty: it prints none.
[[nodiscard]] QByteArray releaseIn(const QByteArray &output);

struct LintViolation {
    QByteArray pointer; // RFC 6901, `` is the root
    QByteArray text;    // `additional properties 'typ' not allowed`
    int depth = 0;      // alternatives of a violation stand one deeper
    friend bool operator==(const LintViolation &, const LintViolation &) = default;
};

// `krakend check -tn -c FILE` (specification §9).
struct CheckAnswer {
    enum Kind { Ok, Parse, Lint, Routes, Other, NotRun };
    Kind kind = NotRun;
    int exitCode = -1;
    QByteArray text;                       // Parse, Routes: the gateway's words after its title; Other, NotRun: all there is
    std::vector<LintViolation> violations; // Lint, those that only collect others left out
    twin::GatewayTrouble trouble;          // NotRun
    QByteArray output;                     // whole, without colours
};
// What it printed, taken apart. fileName: as it was given, taken out of the words.
[[nodiscard]] CheckAnswer readCheck(const QByteArray &output, int exitCode, const QByteArray &fileName);

// Puts the text into a private folder and asks; finished() once, from the event loop.
class KrakendCheck : public QObject
{
    Q_OBJECT
public:
    // format: the ending that decides how it is read, `json`.
    KrakendCheck(const GatewayProgram &program, const QByteArray &text, const QString &format = QStringLiteral("json"),
                 QObject *parent = nullptr);
    ~KrakendCheck() override;
    void setGatewayEnvironment(bool on); // KRAKEND_ variables as `--gateway-env` has them
    void start();

Q_SIGNALS:
    void finished(const tokenlab::lab::CheckAnswer &answer);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::lab
