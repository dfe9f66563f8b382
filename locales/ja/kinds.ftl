# 名簿の区分の名前

## 退職理由

leaving-personal = 自己都合
leaving-health = 体調不良・病状の悪化
leaving-relations = 人間関係
leaving-work_content = 仕事内容が合わない
leaving-conditions = 賃金・労働条件
leaving-new_job = 転職
leaving-contract_end = 契約期間の満了
leaving-employer = 会社都合
leaving-harassment = ハラスメント
leaving-family = 家庭の事情
leaving-study = 進学・就学
leaving-retirement = 定年退職
leaving-death = 死亡
leaving-welfare_service = 福祉サービスへ移行
leaving-on_leave = 休職中
leaving-unknown = 不明
leaving-other = その他

## 障害種別

disability-physical = 身体障害
disability-intellectual = 知的障害
disability-mental = 精神障害
disability-developmental = 発達障害
disability-higher_brain = 高次脳機能障害
disability-intractable = 難病

## 手帳

certificate-physical = 身体障害者手帳
certificate-intellectual = 療育手帳
certificate-mental = 精神障害者保健福祉手帳
certificate-none = 手帳なし

## 支援の種類

service-transition = 就労移行支援（就職後6か月）
service-retention = 就労定着支援
