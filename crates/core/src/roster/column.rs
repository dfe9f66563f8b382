//! Columns of a roster file and its header line.

use unicode_normalization::UnicodeNormalization;

crate::codes! {
    /// A column of the roster; the code is its English header.
    Column {
        /// 氏名
        Name = "name",
        /// フリガナ
        Kana = "kana",
        /// 電話番号
        Phone = "phone",
        /// LINEユーザーID
        LineUserId = "line_user_id",
        /// メール
        Email = "email",
        /// 障害種別
        Disability = "disability",
        /// 手帳
        Certificate = "certificate",
        /// 企業名
        Employer = "employer",
        /// 入社日
        HiredOn = "hired_on",
        /// 開示
        Disclosure = "disclosure",
        /// 退職日
        LeftOn = "left_on",
        /// 退職理由
        LeavingReason = "leaving_reason",
        /// 定着支援開始日
        ServiceStartedOn = "service_started_on",
        /// 定着支援終了日
        ServiceEndedOn = "service_ended_on",
        /// 担当者メール
        StaffEmail = "staff_email",
        /// 連絡可能開始
        AllowedFrom = "allowed_from",
        /// 連絡可能終了
        AllowedTo = "allowed_to",
        /// 表示
        Language = "language",
        /// 利用者番号
        ExternalId = "external_id",
    }
}

/// Why a header line was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Headers that mean nothing here, as written.
    #[error("unknown column: {}; take it out, or name it as `bansou import graduates --help` does", .0.join(", "))]
    Unknown(Vec<String>),
    /// Two columns with the same meaning.
    #[error("the column {} ({}) stands there twice", .0, .0.japanese())]
    Twice(Column),
    /// Nobody can be imported without a name.
    #[error("the column name (氏名) is missing")]
    NameMissing,
    /// The file has no header line.
    #[error("the file is empty: a first line with the columns' names is needed")]
    Empty,
}

/// Which column stands where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers(Vec<Option<Column>>);

impl Column {
    /// The Japanese header.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Name => "氏名",
            Self::Kana => "フリガナ",
            Self::Phone => "電話番号",
            Self::LineUserId => "LINEユーザーID",
            Self::Email => "メール",
            Self::Disability => "障害種別",
            Self::Certificate => "手帳",
            Self::Employer => "企業名",
            Self::HiredOn => "入社日",
            Self::Disclosure => "開示",
            Self::LeftOn => "退職日",
            Self::LeavingReason => "退職理由",
            Self::ServiceStartedOn => "定着支援開始日",
            Self::ServiceEndedOn => "定着支援終了日",
            Self::StaffEmail => "担当者メール",
            Self::AllowedFrom => "連絡可能開始",
            Self::AllowedTo => "連絡可能終了",
            Self::Language => "表示",
            Self::ExternalId => "利用者番号",
        }
    }

    fn from_header(header: &str) -> Option<Self> {
        let wanted = plain(header);
        Self::ALL.iter().copied().find(|column| wanted == column.as_str() || wanted == plain(column.japanese()))
    }
}

impl Headers {
    /// Reads a header line, English or Japanese, in any order. Width, case and spaces don't matter; columns without a
    /// header are allowed as long as nothing stands in them.
    pub fn parse<S: AsRef<str>>(line: &[S]) -> Result<Self, HeaderError> {
        let written: Vec<&str> = line.iter().map(|header| header.as_ref().trim()).collect();
        if written.iter().all(|header| header.is_empty()) {
            return Err(HeaderError::Empty);
        }
        let columns: Vec<_> = written.iter().map(|header| Column::from_header(header)).collect();
        let unknown = written.iter().zip(&columns).filter(|(header, column)| !header.is_empty() && column.is_none());
        let unknown: Vec<String> = unknown.map(|(header, _)| (*header).to_owned()).collect();
        if !unknown.is_empty() {
            return Err(HeaderError::Unknown(unknown));
        }
        for (position, column) in columns.iter().enumerate() {
            if let Some(column) = column.filter(|column| columns[..position].contains(&Some(*column))) {
                return Err(HeaderError::Twice(column));
            }
        }
        if !columns.contains(&Some(Column::Name)) {
            return Err(HeaderError::NameMissing);
        }
        Ok(Self(columns))
    }

    /// Columns in this order, each once.
    pub(super) fn of(columns: impl IntoIterator<Item = Column>) -> Self {
        Self(columns.into_iter().map(Some).collect())
    }

    /// Where a column stands, counted from 0.
    pub fn find(&self, column: Column) -> Option<usize> {
        self.0.iter().position(|found| *found == Some(column))
    }

    /// The column at a place, if its header says one.
    pub fn column_at(&self, position: usize) -> Option<Column> {
        self.0.get(position).copied().flatten()
    }

    /// For sorting: columns that the file doesn't have come last.
    pub(super) fn position(&self, column: Option<Column>) -> usize {
        column.and_then(|column| self.find(column)).unwrap_or(usize::MAX)
    }
}

fn plain(header: &str) -> String {
    header.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_in_both_languages_and_any_order() {
        let headers =
            Headers::parse(&["利用者番号", " Name ", "ﾌﾘｶﾞﾅ", "ＬＩＮＥユーザーID", "", "hired_on"]).expect("headers");
        assert_eq!(headers.find(Column::ExternalId), Some(0));
        assert_eq!(headers.find(Column::Name), Some(1));
        assert_eq!(headers.find(Column::Kana), Some(2));
        assert_eq!(headers.find(Column::LineUserId), Some(3));
        assert_eq!(headers.column_at(4), None);
        assert_eq!(headers.find(Column::Phone), None);
    }

    #[test]
    fn every_column_is_found_by_both_its_headers() {
        for column in Column::ALL {
            assert_eq!(Column::from_header(column.as_str()), Some(*column));
            assert_eq!(Column::from_header(column.japanese()), Some(*column));
        }
    }

    #[test]
    fn a_bad_header_line_is_refused_with_the_name() {
        let unknown = Headers::parse(&["氏名", "血液型", "phone", "星座"]);
        assert_eq!(unknown, Err(HeaderError::Unknown(vec!["血液型".to_owned(), "星座".to_owned()])));
        assert_eq!(Headers::parse(&["氏名", "name"]), Err(HeaderError::Twice(Column::Name)));
        assert_eq!(Headers::parse(&["電話番号"]), Err(HeaderError::NameMissing));
        assert_eq!(Headers::parse(&["", " "]), Err(HeaderError::Empty));
        assert_eq!(Headers::parse::<&str>(&[]), Err(HeaderError::Empty));
    }
}
