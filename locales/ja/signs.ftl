### 小さなサイン：種類、はっきりさ、どこから、いまどうなっているか。

## 種類

sign-category-sleep = 睡眠
sign-category-fatigue = 疲れ・気分
sign-category-instructions = 指示・仕事の変化
sign-category-relations = 人間関係
sign-category-body = 体調
sign-category-medication = 薬・通院
sign-category-attendance = 出勤
sign-category-confidence = 自信・ミス
sign-category-life = お金・家・家族
sign-category-isolation = 孤立
sign-category-workload = 仕事の量
sign-category-positive = よかったこと

## ことばのはっきりさ（危険の度合いではありません）

sign-level-1 = うっすら
sign-level-2 = はっきり
sign-level-3 = つよく

## どこから

sign-source-person = 本人のことば
sign-source-employer = 会社から
sign-source-staff = 職員の気づき
sign-source-silence = 返事がない
sign-source-pattern = いつもとのちがい

## いま

sign-state-suggested = 確認待ち
sign-state-confirmed = サインと確認
sign-state-dismissed = サインではない
sign-state-acting = 対応中
sign-state-resolved = 落ち着いた
