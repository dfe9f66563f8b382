### なぜこの日に連絡するのか、なぜ今は送らないのか。

## 連絡の間隔

due-every = { $unit ->
    [day] 毎日
    [days] { $n }日ごと
    [week] 毎週
    [weeks] { $n }週間ごと
    [month] 毎月
   *[months] { $n }か月ごと
}

## 連絡の理由

due-phase = { $anchor ->
    [returned] 復職
    [job_changed] 転職
    [support_started] 定着支援開始
   *[hired] 入社
}{ $day }日目。{ $every }の連絡です。
due-sign = { $has_end ->
    [yes] 気になるサインがあったので、{ $until }までは{ $every }に連絡します。
   *[no] 気になるサインがあったので、{ $every }に連絡します。
}
due-asked-more = ご本人の希望で回数をふやし、{ $every }に連絡しています。
due-all-right = 「もう大丈夫」の声を受けて、間をあけています。{ $every }の連絡です。
due-asked-fewer = ご本人の希望で回数をへらし、{ $every }に連絡しています。
due-follow-up = { $date }に会社へお願いしたことが、その後どうなったかを聞く連絡です。
due-resumed = お休み（{ $from }〜{ $until }）のあと、はじめての連絡です。

due-in-touch = { $date }に話したばかりなので、{ $days }日あけました。
due-moved-holiday = { $date }は{ $holiday }のため、次の開所日にしました。
due-moved-closure = { $date }は休所日のため、次の開所日にしました。
due-moved-weekday = { $date }は事業所が休みの曜日のため、次の開所日にしました。

## 今は送らない理由

wait-holiday = 今日は{ $holiday }で、事業所は休みです。
wait-closure = 今日は休所日です。
wait-weekday = 今日は事業所が休みの曜日です。
wait-before-hours = まだ開所前です。
wait-break = 事業所の休憩時間です。
wait-after-hours = 今日の開所時間は終わりました。
wait-end-of-day = まもなく閉所です。返事にすぐ対応できる時間に送ります。
wait-before-long-break = 長い休みの直前です。返事を待たせないよう、休み明けに送ります。
wait-person-day = ご本人が連絡を受けない曜日です。
wait-person-hours = ご本人の連絡可能な時間の外です。
wait-ending = 送れる時間がまもなく終わります。次の時間帯に送ります。
never-office-open = 事業所の開所日が登録されていません。開所時間を確かめてください。
never-common-hours = ご本人の連絡可能な時間と開所時間が重なりません。どちらかを見直してください。

## 連絡の頻度

cadence-preset-standard = 標準
cadence-preset-standard-about = はじめの2週間は3日ごと、3か月までは毎週、半年までは2週間ごと、その後は毎月。
cadence-preset-gentle = ゆっくり
cadence-preset-gentle-about = はじめの1か月は毎週、半年までは2週間ごと、その後は毎月。
cadence-preset-close = こまめに
cadence-preset-close-about = はじめの1か月は2日ごと、3か月までは3日ごと、半年までは毎週、その後は2週間ごと。
cadence-preset-daily = 毎日の報告
cadence-preset-daily-about = 開所日ごとに短い報告。希望する人向け。
