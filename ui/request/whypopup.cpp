#include "ui/request/whypopup.h"

#include "core/text/text.h"
#include "ui/widgets/basics.h"

#include <QScreen>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenlab::ui {

WhyPopup::WhyPopup(twin::Stage stage, const std::vector<twin::TraceStep> &steps, bool absent, QWidget *parent) : QFrame(parent, Qt::Popup)
{
    setObjectName(QStringLiteral("whyPopup"));
    setAccessibleName(tr("Why: %1").arg(text::stageTitle(stage)));
    setAttribute(Qt::WA_DeleteOnClose);
    setStyleSheet(
        QStringLiteral("#whyPopup { background: %1; border: 1px solid %2; }").arg(tokens().card.name(), tokens().borderStrong.name()));
    setFixedWidth(430);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 13, 16, 13);
    column->setSpacing(7);
    column->addWidget(plainLabel(text::stageTitle(stage), "title", this));
    bool any = absent;
    if (absent) {
        column->addWidget(plainLabel(stage == twin::Stage::Validators
                                         ? tr("This endpoint has no auth/validator: nobody's token is asked for.")
                                         : tr("This endpoint has no auth/signer: nothing is signed here."),
                                     nullptr, this));
        twin::TraceStep none;
        none.stage = stage;
        column->addWidget(plainLabel(text::why(none), "muted", this));
    }
    for (const twin::TraceStep &step : steps) {
        if (absent || step.stage != stage)
            continue;
        any = true;
        const char *role = step.state == twin::StepState::Failed ? "bad" : step.state == twin::StepState::Warning ? "warning" : nullptr;
        auto *what = plainLabel(text::step(step), role, this);
        what->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(what);
        if (!step.gatewayText.isEmpty()) {
            auto *words = plainLabel(text::inert(step.gatewayText), "muted", this);
            words->setFont(smallMonoFont());
            words->setTextInteractionFlags(Qt::TextSelectableByMouse);
            column->addWidget(words);
        }
        if (const QString why = text::why(step); !why.isEmpty())
            column->addWidget(plainLabel(why, "muted", this));
        if (!step.pointer.isEmpty()) {
            auto *go = flatButton(tr("Go to %1").arg(text::inert(step.pointer)),
                                  tr("Go to %1 in the configuration").arg(text::inert(step.pointer)), QStringLiteral("whyGo"), this);
            go->setProperty("kind", QStringLiteral("link"));
            column->addWidget(go, 0, Qt::AlignLeft);
            const QByteArray pointer = step.pointer;
            connect(go, &QToolButton::clicked, this, [this, pointer] {
                emit placeAsked(pointer);
                close();
            });
        }
    }
    if (!any)
        column->addWidget(plainLabel(tr("Not reached yet. Press Send."), "muted", this));
}

void WhyPopup::offerConnection()
{
    auto *look = flatButton(tr("Look at the connection"), tr("Look at the connection to the key host, step by step"),
                            QStringLiteral("whyConnection"), this);
    look->setProperty("kind", QStringLiteral("link"));
    static_cast<QVBoxLayout *>(layout())->addWidget(look, 0, Qt::AlignLeft);
    connect(look, &QToolButton::clicked, this, [this] {
        emit connectionAsked();
        close();
    });
}

void WhyPopup::showBelow(const QWidget *anchor)
{
    adjustSize();
    if (layout()->hasHeightForWidth())
        resize(width(), layout()->heightForWidth(width()));
    QPoint at = anchor->mapToGlobal(QPoint(0, anchor->height() + 4));
    if (const QScreen *screen = anchor->screen()) {
        const QRect area = screen->availableGeometry();
        at.setX(qBound(area.left(), at.x(), qMax(area.left(), area.right() - width())));
    }
    move(at);
    show();
    setFocus();
}

} // namespace tokenlab::ui
