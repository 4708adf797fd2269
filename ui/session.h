// What the window works on: one document, one chosen endpoint, its signer as loaded at the gateway's start, and one run. Widgets read it
// and call it; it knows no widget. Results of anything older than the newest call are dropped.
#pragma once

#include "core/lab/run.h"
#include "ui/documentstack.h"
#include "ui/files.h"
#include "ui/playground/playground.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include <map>
#include <variant>

namespace tokenlab::ui {

enum class ReplySource { Live, Edited };

// A run is in exactly one state; a view cannot show a half-made one.
struct Idle {
};
struct Running {
    QElapsedTimer since;
};
struct Finished {
    twin::Outcome outcome;
    ReplySource source = ReplySource::Live;
};
using RunState = std::variant<Idle, Running, Finished>;

struct RequestDraft {
    QByteArray method, target, headers, body; // headers: `Name: value` lines
    std::map<QByteArray, QByteArray> params;  // values of the `{placeholders}` of the target's path
    friend bool operator==(const RequestDraft &, const RequestDraft &) = default;
};

// What was done at one endpoint: it is there again when the user comes back to it.
struct EndpointWork {
    RequestDraft draft;
    twin::ClientRequest sent;
    std::vector<twin::BackendExchange> live; // of the last run
    bool hasLive = false;
    std::map<std::size_t, QByteArray> edited; // replies by backend
    ReplySource source = ReplySource::Live;
};

struct LoadedSigner {
    twin::SignerState state;
    twin::ValidatorState validator; // of the same endpoint; not enabled where it has none
    QDateTime at;
    double ms = -1;
    bool loading = false;
    std::shared_ptr<const problems::EndpointFacts> facts = {}; // what was seen at that start; none: never started
};

class LabSession : public QObject
{
    Q_OBJECT
public:
    struct Options {
        std::function<Instant()> clock = systemNow;
        quint16 playgroundPort = 8400, playgroundHttpsPort = 8443;
        bool anyPlaygroundPort = true; // where those are taken
        lab::RunLimits limits;
    };
    explicit LabSession(const Options &options, QObject *parent = nullptr);
    ~LabSession() override;

    // The document
    void openDemo();
    // A text that the gateway could not even read does not take the place of an open document, unless it is asked for as a text.
    enum class OpenAs { GatewayFile, Text };
    [[nodiscard]] Result<void, FileError> open(const QString &path, OpenAs as = OpenAs::GatewayFile);
    void openText(const QByteArray &text, const QString &path); // path "": not saved anywhere yet
    [[nodiscard]] Result<void, FileError> save(const QString &path);
    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] QString displayName() const;
    [[nodiscard]] bool isDemo() const { return m_demo; }
    [[nodiscard]] bool isModified() const { return m_document.isModified() || m_completed; }
    [[nodiscard]] DocumentStack &document() const { return m_document; }
    [[nodiscard]] const std::optional<json::SyntaxTree> &tree() const { return m_tree; }                     // of the text as it is now
    [[nodiscard]] const std::shared_ptr<const gateway::ServiceConfig> &service() const { return m_service; } // the last good one
    [[nodiscard]] const std::optional<gateway::ConfigError> &configError() const { return m_configError; }
    [[nodiscard]] bool isIntact() const { return m_tree && !m_configError && m_service; } // the gateway reads the text as it is now
    [[nodiscard]] bool isEditable() const { return isIntact() && !isRendered(); }
    // The text that a template was rendered to: to look at, to ask and to export from. Saved elsewhere it is a file like any other.
    void openRendered(const QByteArray &text, const QString &templatePath);
    [[nodiscard]] bool isRendered() const { return !m_template.isEmpty(); }
    [[nodiscard]] const QString &templatePath() const { return m_template; }
    [[nodiscard]] const std::vector<QByteArray> &completed() const { return m_added; } // what was filled in around a fragment
    // An edit by a form; nothing happens when the splice is empty-handed.
    void edit(const std::optional<json::Splice> &splice, const QString &label, const QString &mergeKey = {});
    void edit(const gateway::edit::Edit &edit, const QString &label); // one step

    // Endpoint and signer
    void selectEndpoint(std::size_t index);
    [[nodiscard]] std::size_t endpointIndex() const { return m_endpoint; }
    [[nodiscard]] const gateway::EndpointConfig *endpoint() const;
    [[nodiscard]] const LoadedSigner &signer() const { return m_signer; }
    void restartGateway();
    [[nodiscard]] const lab::Bindings &bindings() const { return m_bindings; }
    void setBindings(const lab::Bindings &bindings);
    [[nodiscard]] Playground *playground() const { return m_playground; }

    // Request and run
    [[nodiscard]] const RequestDraft &draft() const { return m_work.draft; }
    void setDraft(const RequestDraft &draft) { m_work.draft = draft; }
    // The first placeholder of the target that has no value yet: a client cannot ask for it.
    [[nodiscard]] std::optional<QByteArray> missingParam() const;
    void send(); // nothing is sent while one is missing
    void cancel();
    [[nodiscard]] const RunState &state() const { return m_state; }
    [[nodiscard]] const twin::Outcome *outcome() const;
    // For asking once more elsewhere: the request as it is typed now, and whether the outcome is of that one.
    [[nodiscard]] lab::RunInput draftInput() const;
    [[nodiscard]] bool isOfDraft() const;
    [[nodiscard]] bool isSettled() const;                     // no key set is loaded, no text parsed, no run under way
    [[nodiscard]] std::vector<twin::TraceStep> trace() const; // of the outcome, or what is known before a run
    [[nodiscard]] Instant now() const { return m_options.clock(); }

    // The backend's reply
    [[nodiscard]] ReplySource source() const { return m_work.source; }
    [[nodiscard]] bool hasEdited() const { return !m_work.edited.empty(); }
    void editReply(std::size_t backend, const QByteArray &body);
    void chooseSource(ReplySource source); // Restore is: Live. An edit stays at hand until the next edit.
    [[nodiscard]] std::optional<http::Reply> reply(std::size_t backend) const; // as it counts now

signals:
    void documentOpened();
    void configChanged();   // document parsed again: config, error, endpoints
    void endpointChanged(); // another one chosen
    void signerChanged();
    void stateChanged();
    void sourceChanged();
    void bindingsChanged();
    void paramMissing(const QByteArray &name); // send() was refused

private:
    void documentChanged();
    void reparse();
    void loadWork();
    void startGateway();
    void startRun();
    void refresh();
    void simulateNow();
    [[nodiscard]] QByteArray signerFingerprint() const;
    [[nodiscard]] lab::RunInput input() const;
    [[nodiscard]] QByteArray draftKey() const;
    void setState(RunState state);

    Options m_options;
    mutable DocumentStack m_document;
    QString m_path, m_template, m_opening; // m_template: what the document was rendered from
    bool m_demo = false, m_completed = false;
    std::vector<QByteArray> m_added;
    std::optional<json::SyntaxTree> m_tree;
    std::shared_ptr<const gateway::ServiceConfig> m_service;
    std::optional<gateway::ConfigError> m_configError;
    std::size_t m_endpoint = 0;
    QTimer m_parseTimer, m_restartTimer, m_simulateTimer;

    Playground *m_playground;
    lab::Bindings m_bindings;

    LoadedSigner m_signer;
    QByteArray m_signerFingerprint;
    std::unique_ptr<lab::GatewayStart> m_start;

    EndpointWork m_work;                        // of the chosen endpoint
    std::map<QByteArray, EndpointWork> m_works; // of the others, by method and path
    RunState m_state, m_before;
    std::unique_ptr<lab::Run> m_run;
    quint64 m_runId = 0, m_startId = 0;
    bool m_sendWhenLoaded = false;
};

} // namespace tokenlab::ui
