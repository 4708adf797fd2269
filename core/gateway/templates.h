// Flexible configuration: files that are Go templates, which the gateway renders before it reads them (FC_ENABLE=1). And what release a
// file was written for.
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace tokenlab::gateway {

struct TemplateUse {
    qsizetype offset = 0;              // of the first action
    QByteArray action;                 // its text, one line, shortened: `{{ include "login.json" }}`
    int actions = 0;                   // how many in all
    std::vector<QByteArray> includes;  // files of FC_PARTIALS by `include`, each once
    std::vector<QByteArray> templates; // of FC_TEMPLATES by `template`
    std::vector<QByteArray> settings;  // the first name of each `.name…`: files of FC_SETTINGS, or members of them
    std::vector<QByteArray> variables; // by `env "NAME"`
    bool actionsInStringsOnly = false; // it is JSON all the same, which the gateway reads unrendered without FC_ENABLE
};
// Nothing where the text is no template. `{{` inside JSON strings counts only where a template's own words follow (a backend's
// url_pattern may hold `{{.Id}}` in files that the gateway wrote itself).
[[nodiscard]] std::optional<TemplateUse> templateUse(const QByteArray &text, const QString &fileName);

// Rendering it with a krakend of this machine (core/lab/render.h).
struct Rendered {
    QByteArray text;
    QByteArray log;                         // what krakend printed, without the private folder's path
    std::vector<QByteArray> missing;        // included files that are not there: the gateway leaves their places empty, in silence
    std::vector<QByteArray> emptyVariables; // read by `env` and not set here
};
struct RenderTrouble {
    enum Kind { NoProgram, NotStarted, TimedOut, NoFolder, Failed } kind = NoProgram;
    QByteArray text;          // the gateway's or the system's words
    int line = 0, column = 0; // in the template; 0: not told
};

struct Release {
    int major = 0, minor = 0, patch = -1; // -1: not named
    [[nodiscard]] QByteArray text() const;
    // The same rules: patch releases of one minor one.
    [[nodiscard]] bool isLike(const Release &other) const { return major == other.major && minor == other.minor; }
    friend bool operator==(const Release &, const Release &) = default;
};
inline constexpr Release playedRelease{2, 13, 8};
[[nodiscard]] std::optional<Release> parseRelease(QByteArrayView text); // `2.13.8`, `v2.3`
// Of `$schema`: `https://www.krakend.io/schema/v2.3/krakend.json`. Nothing where it names none.
[[nodiscard]] std::optional<Release> schemaRelease(const QByteArray &text);

} // namespace tokenlab::gateway
