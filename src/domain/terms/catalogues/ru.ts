/** Russian. The keys and arguments are those of the English catalogue; counts need one, few, many and other. */
import type { Catalogue } from '../catalogue.js';

export const ru: Catalogue = {
  title: 'Условия программы «{programme}»',
  'about.inForce': 'Действуют с {from}. Дни и время считаются по часовому поясу {zone}.',
  'about.worth': '{one} при начислении стоит {money}.',
  'about.generated': 'Этот текст составлен из тех же правил, по которым решается каждая покупка.',

  'section.earn': 'За что начисляется',
  'section.categories': 'Категории',
  'section.stacking': 'Если подходит несколько предложений',
  'section.caps': 'Ограничения и бюджеты',
  'section.exclusions': 'За что не начисляется',
  'section.tiers': 'Уровни и привилегии',
  'section.choices': 'Категории на выбор',
  'section.hold': 'Когда единицы можно тратить',
  'section.expiry': 'Срок действия единиц',
  'section.redemption': 'Оплата единицами',
  'section.refunds': 'Возвраты',
  'section.deadlines': 'Даты и сроки',

  'quoted.name': '«{name}»',
  'count.purchases': '{count, plural, one {{n} покупка} few {{n} покупки} many {{n} покупок} other {{n} покупки}}',
  'count.partners':
    '{count, plural, one {{n} партнёр} few {{n} разных партнёра} many {{n} разных партнёров} other {{n} разных партнёра}}',
  'count.categories':
    '{count, plural, one {{n} категория} few {{n} разные категории} many {{n} разных категорий} other {{n} разной категории}}',
  'days.between': 'с {from} по {until} включительно',
  'days.from': 'с {from}',
  'days.until': 'по {until} включительно',
  'period.TRANSACTION': 'за одну покупку',
  'period.DAY': 'за день',
  'period.WEEK': 'за неделю (с понедельника по воскресенье)',
  'period.MONTH': 'за календарный месяц',
  'period.QUARTER': 'за календарный квартал',
  'period.YEAR': 'за календарный год',
  'period.STATEMENT': 'за расчётный период карты',
  'period.CAMPAIGN': 'за всё время акции',
  'period.LIFETIME': 'за всё время участия',

  'earn.otherwise': 'Если в предложении не сказано иное:',
  'earn.day.AUTHORISATION': 'Покупка относится ко дню авторизации.',
  'earn.day.POSTING': 'Покупка относится ко дню проводки по счёту.',
  'earn.nothing': 'Предложений пока нет.',

  'effect.rate': 'Начисляется {rate} от суммы, в {unit}.',
  'effect.step': 'Начисляется {units} за каждые полные {money} суммы.',
  'effect.fixed': 'Начисляется {units}.',
  'effect.perItem': 'Начисляется {units} за каждую единицу товара.',
  'effect.multiplier.BONUS':
    'Начисление по предложению {rule} умножается на {by}; это предложение выплачивает прибавку.',
  'effect.multiplier.WHOLE': 'Начисляется столько, сколько даёт предложение {rule}, умноженное на {by}.',
  'effect.bands': 'Начисляется по частям суммы, в {unit}.',
  'band.only': 'На всю сумму: {rate}.',
  'band.first': 'На первые {money}: {rate}.',
  'band.next': 'На то, что выше, до {money}: {rate}.',
  'band.rest': 'На всё, что выше: {rate}.',
  'effect.matrix': 'Начисляется по уровню и категории, в {unit}.',
  'matrix.tier': '{tier}: {cells}.',
  'matrix.cell': '{category} {rate}',
  'matrix.rest': 'всё остальное {rate}',
  'matrix.nothing': 'за всё остальное ничего',
  'effect.accumulates': 'Сумма накапливается {period}; каждая покупка даёт то, что она прибавляет к итогу.',

  'base.gross': 'Учитывается вся сумма.',
  'base.without': 'Не учитывается: {parts}.',
  'part.REDEMPTION': 'оплаченное единицами',
  'part.DISCOUNT': 'скидки',
  'part.FREIGHT': 'доставка',
  'part.FEE': 'комиссии',
  'part.TAX': 'налоги',
  'rounding.spend': 'Сначала сумма округляется до кратного {money}: {mode}.',
  'rounding.reward':
    'Начисление {scope, select, LINE {за каждую строку чека} RULE {по каждому предложению} other {за всю покупку}} округляется до кратного {units}: {mode}.',
  'mode.TRUNCATE': 'в сторону нуля',
  'mode.FLOOR': 'вниз',
  'mode.HALF_UP': 'до ближайшего, половина вверх',
  'mode.HALF_EVEN': 'до ближайшего, половина до чётного',

  'when.days': 'Действует {days}.',
  'when.partners': 'Партнёры: {list}.',
  'when.outlets': 'Торговые точки: {list}.',
  'when.issuers': 'Карты банков: {list}.',
  'when.cardProducts': 'Виды карт: {list}.',
  'when.channels': 'Где совершается покупка: {list}.',
  'channel.ONLINE': 'в интернете',
  'channel.IN_STORE': 'в магазине',
  'channel.APP': 'в приложении',
  'when.categories': 'Категории: {list}.',
  'when.tags': 'Только товары с пометкой: {list}.',
  'when.minimum': 'Сумма: не меньше {money}.',
  'when.above': 'Сумма: больше {money}.',
  'when.maximum': 'Сумма: не больше {money}.',
  'when.below': 'Сумма: меньше {money}.',
  'when.items': 'Не меньше {count, plural, one {{n} товара} few {{n} товаров} many {{n} товаров} other {{n} товара}}.',
  'when.weekdays': 'Дни недели: {list}.',
  'when.hours': 'Часы: {list}.',
  'hours.window': 'с {from} до {until}',
  'hours.overnight': 'с {from} до {until} следующего дня',
  'when.memberClock': 'Дни и часы считаются по времени там, где вы живёте.',
  'when.tiers': 'Уровни: {list}.',
  'when.segments': 'Только для участников группы: {list}.',
  'when.activation.once': 'Сначала подключите предложение.',
  'when.activation.anew':
    'Сначала подключите предложение, {per, select, MONTH {каждый месяц} QUARTER {каждый квартал} other {каждый год}} заново.',
  'when.chosen': 'Только в категориях, которые вы выбрали: {choice}.',
  'when.birthday.day': 'В день рождения.',
  'when.birthday.window':
    'Начало за {before, plural, one {{beforeText} день} few {{beforeText} дня} many {{beforeText} дней} other {{beforeText} дня}} до дня рождения, конец через {after, plural, one {{afterText} день} few {{afterText} дня} many {{afterText} дней} other {{afterText} дня}} после него.',
  'when.birthday.leap': 'Если вы родились {leap}, в другие годы день рождения считается {day}.',
  'when.reaches': 'Начисляется за покупку, с которой набирается {mark} {period}.',
  'when.reaches.spend': 'сумма покупок {money}',
  'when.reaches.repeats': 'Начисляется снова каждый раз, когда набирается ещё столько же.',
  'when.reaches.samePartner': 'У каждого партнёра считается отдельно.',
  'when.action': 'Не за покупку, а за событие: {action}.',
  'action.registration': 'регистрация',
  'action.review': 'отзыв',
  'action.referral': 'приглашение нового участника',
  'when.experiment': 'Только для участников, которых постоянный жребий определил в группу: {list}.',
  'experiment.variant': '{variant} ({weight} из {sum})',

  'category.order':
    'Категорию покупки определяет купленный товар, иначе торговая точка или партнёр, иначе банк, иначе код категории продавца, иначе название в выписке.',
  'category.codes': 'Коды категорий продавцов: {list}.',
  'category.products': 'Товары с пометкой: {list}.',
  'category.descriptors': 'Названия в выписке: {list}.',
  'codes.dated': '{codes} ({days})',

  'stacking.none': 'Все подходящие предложения складываются.',
  'stacking.ADDITIVE': 'Эти предложения складываются: {rules}.',
  'stacking.BEST_OF': 'Из этих предложений действует то, которое даёт больше всего: {rules}.',
  'stacking.MULTIPLICATIVE': 'Эти предложения складываются, а множители одного предложения перемножаются: {rules}.',
  'stacking.EXCLUSIVE': 'Из этих предложений действует то, которое даёт больше всего, и только оно: {rules}.',
  'stacking.ties': 'Если они дают поровну, действует более новое.',
  'stacking.silences': 'Если оно действует, по этим не начисляется ничего: {rules}.',
  'stacking.rest': 'Остальные предложения складываются: {rules}.',

  'cap.reward':
    '{holder, select, MEMBER {Каждому участнику} CARD {По каждой карте} ACCOUNT {По всем картам одного счёта} other {Всем участникам вместе}} начисляется не больше {units} {period}.',
  'cap.share':
    '{holder, select, MEMBER {Каждому участнику} CARD {По каждой карте} ACCOUNT {По всем картам одного счёта} other {Всем участникам вместе}} начисляется не больше {rate} от суммы {period}.',
  'cap.spend':
    '{holder, select, MEMBER {Каждому участнику} CARD {По каждой карте} ACCOUNT {По всем картам одного счёта} other {Всем участникам вместе}} начисляется на сумму до {money} {period}.',
  'cap.count':
    '{holder, select, MEMBER {Каждому участнику} CARD {По каждой карте} ACCOUNT {По всем картам одного счёта} other {Всем участникам вместе}} начисляется не больше чем за {count, plural, one {{n} покупку} few {{n} покупки} many {{n} покупок} other {{n} покупки}} {period}.',
  'cap.rules': 'По предложениям: {list}.',
  'cap.categories': 'В категориях: {list}.',
  'cap.everything': 'По всему вместе.',
  'cap.over': 'На то, что выше, начисляется по предложению {rule}.',
  'cap.nothing': 'На то, что выше, не начисляется ничего.',
  'budget.visible': 'Сколько осталось, видно до оплаты.',
  'budget.released': 'То, что взяла возвращённая покупка, возвращается обратно.',
  'budget.kept': 'То, что взяла возвращённая покупка, обратно не возвращается.',
  'caps.none': 'Ограничений нет.',

  'exclusion.codes': '{reason}: коды категорий продавцов {list}.',
  'exclusion.products': '{reason}: товары с пометкой {list}.',
  'exclusions.accepted': 'Платить можно как обычно; за такие покупки только ничего не начисляется.',
  'exclusions.none': 'Исключений нет.',
  'reason.money-transfer': 'денежные переводы',
  'reason.cash-and-financial-institutions': 'наличные и финансовые организации',
  'reason.quasi-cash': 'операции, приравненные к снятию наличных',
  'reason.securities': 'ценные бумаги',
  'reason.rent': 'аренда',
  'reason.stored-value-and-money-transfer': 'предоплаченные средства и денежные переводы',
  'reason.money-transfer-between-cards': 'переводы между картами',
  'reason.funding-of-a-card-or-wallet': 'пополнение карты или кошелька',
  'reason.lotteries-and-betting': 'лотереи и ставки',
  'reason.gambling': 'азартные игры',

  'tiers.rolling':
    'Уровень зависит от {metric, select, KEPT_SPEND {суммы покупок без возвратов} REWARDS_ACCRUED {начисленных единиц} other {числа покупок}} за последние {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}}.',
  'tiers.calendar':
    'Уровень зависит от {metric, select, KEPT_SPEND {суммы покупок без возвратов} REWARDS_ACCRUED {начисленных единиц} other {числа покупок}} за календарный {unit, select, MONTH {месяц} QUARTER {квартал} other {год}}.',
  'tiers.IMMEDIATE': 'Он повышается и понижается сразу.',
  'tiers.EARNED': 'Он повышается сразу; в конце периода он понижается до заработанного к тому времени.',
  'tiers.ONE_STEP': 'Он повышается сразу; в конце периода он понижается не больше чем на одну ступень.',
  'tiers.NEVER': 'Он повышается сразу и никогда не понижается.',
  'tiers.period.rolling':
    'Период длится {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} со дня, когда достигнут уровень.',
  'tiers.period.calendar':
    'Период заканчивается вместе с календарным {unit, select, MONTH {месяцем} QUARTER {кварталом} other {годом}}.',
  'tiers.grace':
    'После этого уровень сохраняется ещё {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}}.',
  'tiers.redeeming': 'Оплата единицами уровень не понижает.',
  'tier.start': '{tier}: с самого начала.',
  'tier.from': '{tier}: {mark} и больше.',
  'tier.benefits': 'Привилегии: {list}.',

  'choice.pick':
    'Выберите {count, plural, one {{n} категорию} few {{n} категории} many {{n} категорий} other {{n} категории}} на каждый {per, select, MONTH {месяц} QUARTER {квартал} other {год}} из: {list}.',
  'choice.shown':
    'Каждому участнику из них предлагается {count, plural, one {{n} категория} few {{n} категории} many {{n} категорий} other {{n} категории}}.',
  'choice.opens.before':
    'Выбор открывается за {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} до начала периода.',
  'choice.opens.start': 'Выбор открывается в первый день периода.',
  'choice.closes.day': 'Выбрать можно до конца дня {day} периода.',
  'choice.closes.start': 'Выбрать можно до начала периода.',
  'choice.default': 'Если ничего не выбрано, действуют: {list}.',
  'choice.noDefault': 'Если ничего не выбрано, не действует ни одна категория.',

  'hold.atOnce': 'Единицы можно тратить, как только покупка проведена.',
  'hold.days':
    'Единицы можно тратить через {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} после проведения покупки.',
  'hold.payout':
    'Что освобождается за {per, select, WEEK {неделю} MONTH {календарный месяц} QUARTER {календарный квартал} YEAR {календарный год} other {расчётный период карты}}, можно тратить вместе, начиная со дня после конца этого срока.',

  'expiry.NEVER': 'Единицы не сгорают.',
  'expiry.DAYS':
    'Единицы сгорают через {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} после того, как они {from, select, AVAILABLE {стали доступны} other {начислены}}.',
  'expiry.MONTHS':
    'Единицы сгорают через {count, plural, one {{n} месяц} few {{n} месяца} many {{n} месяцев} other {{n} месяца}} после того, как они {from, select, AVAILABLE {стали доступны} other {начислены}}.',
  'expiry.END_OF_MONTH.same':
    'Единицы действуют до конца календарного месяца, в котором они {from, select, AVAILABLE {стали доступны} other {начислены}}.',
  'expiry.END_OF_MONTH':
    'Единицы действуют до конца календарного месяца, который наступает через {count, plural, one {{n} месяц} few {{n} месяца} many {{n} месяцев} other {{n} месяца}} после того, в котором они {from, select, AVAILABLE {стали доступны} other {начислены}}.',
  'expiry.END_OF_YEAR.same':
    'Единицы действуют до конца календарного года, в котором они {from, select, AVAILABLE {стали доступны} other {начислены}}.',
  'expiry.END_OF_YEAR':
    'Единицы действуют до конца календарного года, который наступает через {count, plural, one {{n} год} few {{n} года} many {{n} лет} other {{n} года}} после того, в котором они {from, select, AVAILABLE {стали доступны} other {начислены}}.',
  'expiry.ROLLING':
    'Единицы сгорают, если {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} не было операций.',
  'dormancy.fee':
    'Если {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} не было операций, каждый месяц списывается {units}, но не больше, чем у вас есть.',
  'expiry.notice':
    'Мы предупреждаем за {count, plural, one {{n} день} few {{n} дня} many {{n} дней} other {{n} дня}} до сгорания единиц.',

  'redemption.worth': '{one} при оплате заменяет {money}.',
  'redemption.share': 'Единицами можно оплатить не больше {rate} покупки.',
  'redemption.discountsCount': 'Скидки на покупку входят в эту долю.',
  'redemption.minimumOwn': 'Не меньше {money} оплачивается деньгами.',
  'redemption.minimumUnits': 'За один раз тратится не меньше {units}.',
  'redemption.AVAILABLE_FIRST': 'Сначала тратятся единицы, которые раньше стали доступны.',
  'redemption.EXPIRES_FIRST': 'Сначала тратятся единицы, которые раньше сгорают.',
  'redemption.authorisation':
    'Единицы, отложенные для покупки, которая не завершена, возвращаются через {count, plural, one {{n} час} few {{n} часа} many {{n} часов} other {{n} часа}}.',
  'outflow.cashOut': 'Единицы можно вывести на карту банка, который участвует в программе.',
  'outflow.transfer': 'Единицы можно передавать другим участникам.',
  'outflow.donation': 'Единицы можно жертвовать на благотворительность.',
  'outflow.perDay': 'Не больше {units} за календарный день.',
  'outflow.perMonth': 'Не больше {units} за календарный месяц.',
  'outflow.holdAbove': 'Если за один раз больше {units}, операцию сначала проверяет сотрудник.',

  'refunds.KEPT':
    'После возврата правила дня покупки применяются снова к тому, что вы оставили; начисленное за остальное списывается.',
  'refunds.PURCHASE_DATE':
    'При возврате списывается то, что даёт возвращённая сумма по правилам дня покупки, но не больше начисленного за покупку.',
  'refunds.RETURN_DATE':
    'При возврате списывается то, что даёт возвращённая сумма по правилам дня возврата, но не больше начисленного за покупку.',
  'refunds.unitsBack': 'Единицы, которыми вы платили, возвращаются и сохраняют свой срок.',
  'refunds.unitsGrace':
    'Единицы, которыми вы платили, возвращаются и действуют ещё не меньше {count, plural, one {{n} дня} few {{n} дней} many {{n} дней} other {{n} дня}}.',

  'deadline.offerBegins': '{date}: первый день предложения {rule}.',
  'deadline.offerEnds': '{date}: последний день предложения {rule}.',
  'deadline.earningEnds': '{date}: с этого дня ничего не начисляется.',
  'deadline.redemptionUntil':
    '{date}: последний день, когда единицы можно тратить; оставшиеся после этого списываются.',
  'deadline.choice.day':
    '{choice}: выбирайте до конца дня {day} {per, select, MONTH {каждого месяца} QUARTER {каждого квартала} other {каждого года}}.',
  'deadline.choice.start':
    '{choice}: выбирайте до начала {per, select, MONTH {месяца} QUARTER {квартала} other {года}}.',
  'deadlines.none': 'Их нет.',
};
