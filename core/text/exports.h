// Exports, what they need where they are deployed, templates and other releases, as sentences.
#pragma once

#include "core/gateway/exports.h"
#include "core/gateway/templates.h"

#include <QString>

namespace tokenlab::text {

[[nodiscard]] QString sentence(const gateway::ExportError &error, const QString &file);
[[nodiscard]] QString sentence(const gateway::blocks::BlockError &error);
// One line of the checklist: what must be there, and for whom.
[[nodiscard]] QString sentence(const gateway::Requirement &requirement);
[[nodiscard]] QString sentence(gateway::LocalState state); // `not on this machine`; empty: unknown
// How the made validator gets its keys, and what it was filled with. Empty: nothing to say.
[[nodiscard]] QString notice(const gateway::blocks::ValidatorBlock &block);
[[nodiscard]] QString placeholderNotice(const gateway::Exported &exported); // `reads 3 variables: … ; the gateway needs FC_ENABLE=1`

// A template that cannot be shown as it is: where it begins and what to do.
[[nodiscard]] QString sentence(const gateway::TemplateUse &use, const QString &file, const QByteArray &source);
[[nodiscard]] QString sentence(const gateway::RenderTrouble &trouble, const QString &file);
// The rendered text is shown; changes leave it as snippets.
[[nodiscard]] QString renderedNotice(const gateway::Rendered &rendered, const QString &file, const QString &program);
[[nodiscard]] QString writeBackRefusal(const QString &file);

// `rules of 2.13.8; your 2.3 may differ here`. Empty where the releases are alike.
[[nodiscard]] QString schemaReleaseNotice(const std::optional<gateway::Release> &schema, const QString &file);
[[nodiscard]] QString programReleaseNotice(const std::optional<gateway::Release> &release, const QString &program);

} // namespace tokenlab::text
