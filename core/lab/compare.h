// The same request put to the lab and to a real gateway. Asynchronous over the event loop.
//
// A gateway that is started here gets a private copy of the document whose backends of the asked endpoint are loopback stand-ins: they
// give it the replies that the lab got, so that the backend is called once and fresh claims are no difference; what they receive is
// compared too. A gateway elsewhere is asked as it is, and the backends answer twice.
#pragma once

#include "core/lab/krakend.h"
#include "core/lab/run.h"
#include "core/twin/comparison.h"

#include <variant>

namespace tokenlab::lab {

struct CompareInput {
    RunInput run; // with the signer as loaded at the gateway's start
    // What the lab says, where it is known: the window's last run (edited replies included), or a gateway that does not start for another
    // endpoint's sake. Else it is asked.
    std::optional<twin::Outcome> lab;
    QByteArray document;      // the text that `run.service` was read from
    QString workingDirectory; // where its relative paths begin; empty: this program's
    bool gatewayEnvironment = false;
    std::variant<GatewayProgram, QByteArray> gateway; // to start, or the URL of a running one
    std::chrono::milliseconds startDeadline{20000};
    QString folderParent; // of the private folder; empty: the usual
};

struct CompareResult {
    twin::Outcome lab;
    twin::Observed gateway;
    twin::Comparison comparison;
    std::vector<twin::CompareNote> notes;
    bool sameReplies = false;
    QString gatewayName; // program, image or URL (password as ***)
};

class Compare : public QObject
{
    Q_OBJECT
public:
    enum Phase { AskingLab, StartingGateway, AskingGateway, StoppingGateway };
    Q_ENUM(Phase)

    explicit Compare(CompareInput input, QObject *parent = nullptr);
    ~Compare() override; // ends a started gateway
    void start();
    void cancel(); // failed(Cancelled)

Q_SIGNALS:
    void phase(tokenlab::lab::Compare::Phase phase);
    // One of these, once.
    void finished(const tokenlab::lab::CompareResult &result);
    void failed(const tokenlab::twin::GatewayTrouble &trouble);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

// `http://…` and `https://…` are gateways elsewhere; all else is a program, as findGateway() takes it.
[[nodiscard]] Result<std::variant<GatewayProgram, QByteArray>, twin::GatewayTrouble> chooseGateway(const QString &name);

} // namespace tokenlab::lab
