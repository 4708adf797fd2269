// The stage strip: Config › Key › Request › Backend › Shape › Sign › Reply › Validators, each with its state and a short fact. A click asks
// why.
#pragma once

#include "core/twin/outcome.h"

#include <QAbstractButton>
#include <QWidget>

#include <array>
#include <optional>

namespace tokenlab::ui {

// What one stage says; the worst of its steps.
struct StageSummary {
    bool reached = false;
    bool absent = false; // the endpoint has nothing of the kind
    twin::StepState state = twin::StepState::Ok;
    QString detail;
    int step = -1; // the deciding one, an index into the trace
};

class StageButton : public QAbstractButton
{
    Q_OBJECT
public:
    StageButton(twin::Stage stage, QWidget *parent);
    void setSummary(const StageSummary &summary);
    void setDetailShown(bool shown); // a detail is shown whole or not at all
    [[nodiscard]] int widthWith(bool detail) const;
    [[nodiscard]] twin::Stage stage() const { return m_stage; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    twin::Stage m_stage;
    StageSummary m_summary;
    bool m_detailShown = true;
};

class StageStrip : public QWidget
{
    Q_OBJECT
public:
    explicit StageStrip(QWidget *parent = nullptr);
    struct Parts { // of the endpoint
        bool signer = true, validator = true;
    };
    void setTrace(const std::vector<twin::TraceStep> &trace, Parts parts);
    // A fact over all the steps of a stage, in place of the one of its deciding step.
    void setDetail(twin::Stage stage, const QString &detail);
    [[nodiscard]] const std::vector<twin::TraceStep> &trace() const { return m_trace; }
    [[nodiscard]] const StageSummary &summary(twin::Stage stage) const { return m_summaries[std::size_t(stage)]; }
    // The first stage that failed, else that warns; none when all is well.
    [[nodiscard]] std::optional<std::size_t> firstFailing() const; // index into the trace
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void stageClicked(tokenlab::twin::Stage stage, QWidget *button);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();
    [[nodiscard]] int titlesWidth() const;
    std::vector<twin::TraceStep> m_trace;
    std::array<StageSummary, 8> m_summaries;
    std::array<StageButton *, 8> m_buttons{};
};

} // namespace tokenlab::ui
