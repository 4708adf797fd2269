// The endpoints of the file: filter, signing ones only, add.
#pragma once

#include "ui/problems/severity.h"
#include "ui/session.h"

#include <QWidget>

class QListView;
class QLineEdit;
class QToolButton;

namespace tokenlab::ui {

class CardHeader;
class EndpointFilter;
class EndpointModel;

class EndpointsPanel : public QWidget
{
    Q_OBJECT
public:
    explicit EndpointsPanel(LabSession *session, QWidget *parent = nullptr);
    [[nodiscard]] CardHeader *header() const { return m_header; }
    void showConfig();
    void showSelection();
    void showCounts(const std::vector<Counts> &counts); // of problems, by endpoint
    [[nodiscard]] int contentHeight() const;            // with every endpoint in sight

private:
    LabSession *m_session;
    CardHeader *m_header;
    EndpointModel *m_model;
    EndpointFilter *m_filter;
    QListView *m_list;
    QLineEdit *m_search;
    QToolButton *m_signing, *m_add;
    bool m_quiet = false;
};

} // namespace tokenlab::ui
