/** Portuguese. The keys and arguments are those of the English catalogue; counts need one, many and other. */
import type { Catalogue } from '../catalogue.js';

export const pt: Catalogue = {
  title: 'Regulamento do programa {programme}',
  'about.inForce': 'Em vigor desde {from}. Os dias e as horas seguem o fuso horário {zone}.',
  'about.worth': '{one} vale {money} quando é creditado.',
  'about.generated': 'Este texto é gerado a partir das regras que decidem cada compra.',

  'section.earn': 'O que você ganha',
  'section.categories': 'Categorias',
  'section.stacking': 'Quando várias ofertas se encontram',
  'section.caps': 'Limites e orçamentos',
  'section.exclusions': 'O que não rende nada',
  'section.tiers': 'Níveis e benefícios',
  'section.choices': 'Categorias à sua escolha',
  'section.hold': 'Quando as unidades ficam disponíveis',
  'section.expiry': 'Validade das unidades',
  'section.redemption': 'Pagamento com unidades',
  'section.refunds': 'Devoluções',
  'section.deadlines': 'Datas e prazos',

  'quoted.name': '“{name}”',
  'count.purchases': '{count, plural, one {{n} compra} many {{n} de compras} other {{n} compras}}',
  'count.partners':
    '{count, plural, one {{n} parceiro} many {{n} de parceiros diferentes} other {{n} parceiros diferentes}}',
  'count.categories':
    '{count, plural, one {{n} categoria} many {{n} de categorias diferentes} other {{n} categorias diferentes}}',
  'days.between': 'de {from} a {until}, ambos os dias incluídos',
  'days.from': 'a partir de {from}',
  'days.until': 'até {until}, esse dia incluído',
  'period.TRANSACTION': 'por compra',
  'period.DAY': 'por dia',
  'period.WEEK': 'por semana (de segunda-feira a domingo)',
  'period.MONTH': 'por mês civil',
  'period.QUARTER': 'por trimestre civil',
  'period.YEAR': 'por ano civil',
  'period.STATEMENT': 'por ciclo de fatura do cartão',
  'period.CAMPAIGN': 'durante toda a campanha',
  'period.LIFETIME': 'durante toda a participação',

  'earn.otherwise': 'Salvo indicação em contrário na oferta:',
  'earn.day.AUTHORISATION': 'A compra conta no dia em que é autorizada.',
  'earn.day.POSTING': 'A compra conta no dia em que é lançada na conta.',
  'earn.nothing': 'Ainda não há ofertas.',

  'effect.rate': 'Você ganha {rate} do valor, em {unit}.',
  'effect.step': 'Você ganha {units} a cada {money} completos do valor.',
  'effect.fixed': 'Você ganha {units}.',
  'effect.perItem': 'Você ganha {units} por item.',
  'effect.multiplier.BONUS':
    'O que a oferta {rule} dá é multiplicado por {by}; esta oferta paga o que isso acrescenta.',
  'effect.multiplier.WHOLE': 'Você ganha o que a oferta {rule} dá, multiplicado por {by}.',
  'effect.bands': 'Você ganha por partes do valor, em {unit}.',
  'band.only': 'Sobre todo o valor: {rate}.',
  'band.first': 'Sobre os primeiros {money}: {rate}.',
  'band.next': 'Sobre o que passa disso, até {money}: {rate}.',
  'band.rest': 'Sobre tudo o que passa disso: {rate}.',
  'effect.matrix': 'Você ganha conforme o nível e a categoria, em {unit}.',
  'matrix.tier': '{tier}: {cells}.',
  'matrix.cell': '{category} {rate}',
  'matrix.rest': 'todo o resto {rate}',
  'matrix.nothing': 'todo o resto nada',
  'effect.accumulates': 'O valor acumula {period}, e cada compra rende o que acrescenta ao resultado.',

  'base.gross': 'Conta o valor total.',
  'base.without': 'Não contam: {parts}.',
  'part.REDEMPTION': 'o que foi pago com unidades',
  'part.DISCOUNT': 'descontos',
  'part.FREIGHT': 'frete',
  'part.FEE': 'tarifas',
  'part.TAX': 'impostos',
  'rounding.spend': 'Primeiro o valor é arredondado para um múltiplo de {money}: {mode}.',
  'rounding.reward':
    'O crédito {scope, select, LINE {de cada linha do recibo} RULE {de cada oferta} other {da compra inteira}} é arredondado para um múltiplo de {units}: {mode}.',
  'mode.TRUNCATE': 'em direção a zero',
  'mode.FLOOR': 'para baixo',
  'mode.HALF_UP': 'para o mais próximo, metade para cima',
  'mode.HALF_EVEN': 'para o mais próximo, metade para o vizinho par',

  'when.days': 'Válida {days}.',
  'when.partners': 'Parceiros: {list}.',
  'when.outlets': 'Lojas: {list}.',
  'when.issuers': 'Cartões emitidos por: {list}.',
  'when.cardProducts': 'Tipos de cartão: {list}.',
  'when.channels': 'Onde você compra: {list}.',
  'channel.ONLINE': 'na internet',
  'channel.IN_STORE': 'na loja',
  'channel.APP': 'no aplicativo',
  'when.categories': 'Categorias: {list}.',
  'when.tags': 'Somente itens marcados: {list}.',
  'when.minimum': 'Valor: no mínimo {money}.',
  'when.above': 'Valor: mais de {money}.',
  'when.maximum': 'Valor: no máximo {money}.',
  'when.below': 'Valor: menos de {money}.',
  'when.items': 'No mínimo {count, plural, one {{n} item} many {{n} de itens} other {{n} itens}}.',
  'when.weekdays': 'Dias da semana: {list}.',
  'when.hours': 'Horários: {list}.',
  'hours.window': 'das {from} às {until}',
  'hours.overnight': 'das {from} às {until} do dia seguinte',
  'when.memberClock': 'Os dias e as horas seguem o relógio de onde você mora.',
  'when.tiers': 'Níveis: {list}.',
  'when.segments': 'Somente para membros do grupo: {list}.',
  'when.activation.once': 'Ative a oferta primeiro.',
  'when.activation.anew':
    'Ative a oferta primeiro, de novo a cada {per, select, MONTH {mês} QUARTER {trimestre} other {ano}}.',
  'when.chosen': 'Somente nas categorias que você escolheu em {choice}.',
  'when.birthday.day': 'No dia do seu aniversário.',
  'when.birthday.window':
    'De {before, plural, one {{beforeText} dia} many {{beforeText} de dias} other {{beforeText} dias}} antes do seu aniversário a {after, plural, one {{afterText} dia} many {{afterText} de dias} other {{afterText} dias}} depois.',
  'when.birthday.leap': 'Para quem nasceu em {leap}, nos outros anos o aniversário é em {day}.',
  'when.reaches': 'Creditado com a compra que completa {mark} {period}.',
  'when.reaches.spend': 'um gasto de {money}',
  'when.reaches.repeats': 'Creditado de novo cada vez que o mesmo se completa outra vez.',
  'when.reaches.samePartner': 'Contado em cada parceiro separadamente.',
  'when.action': 'Não por uma compra, mas por: {action}.',
  'action.registration': 'cadastro',
  'action.review': 'avaliação',
  'action.referral': 'indicação de um novo membro',
  'when.experiment': 'Somente para membros que um sorteio fixo colocou em: {list}.',
  'experiment.variant': '{variant} ({weight} de {sum})',

  'category.order':
    'Uma compra pertence à categoria do que foi comprado, senão à da loja ou do parceiro, senão à indicada pelo banco, senão à do código de categoria do comerciante, senão à do nome na fatura.',
  'category.codes': 'Códigos de categoria do comerciante: {list}.',
  'category.products': 'Itens marcados: {list}.',
  'category.descriptors': 'Nomes na fatura: {list}.',
  'codes.dated': '{codes} ({days})',

  'stacking.none': 'Todas as ofertas que se aplicam se somam.',
  'stacking.ADDITIVE': 'Estas ofertas se somam: {rules}.',
  'stacking.BEST_OF': 'Destas ofertas vale a que dá mais: {rules}.',
  'stacking.MULTIPLICATIVE':
    'Estas ofertas se somam, e os multiplicadores da mesma oferta se multiplicam entre si: {rules}.',
  'stacking.EXCLUSIVE': 'Destas ofertas vale a que dá mais, e só ela: {rules}.',
  'stacking.ties': 'Quando dão o mesmo, vale a oferta mais nova.',
  'stacking.silences': 'Quando ela paga, estas não pagam nada: {rules}.',
  'stacking.rest': 'Todas as outras ofertas se somam: {rules}.',

  'cap.reward':
    '{holder, select, MEMBER {Cada membro ganha} CARD {Cada cartão ganha} ACCOUNT {Os cartões de uma conta juntos ganham} other {Todos os membros juntos ganham}} no máximo {units} {period}.',
  'cap.share':
    '{holder, select, MEMBER {Cada membro ganha} CARD {Cada cartão ganha} ACCOUNT {Os cartões de uma conta juntos ganham} other {Todos os membros juntos ganham}} no máximo {rate} do valor {period}.',
  'cap.spend':
    '{holder, select, MEMBER {O gasto de cada membro} CARD {O gasto de cada cartão} ACCOUNT {O gasto de cada conta} other {O gasto de todos os membros}} é recompensado até {money} {period}.',
  'cap.count':
    '{holder, select, MEMBER {Cada membro ganha} CARD {Cada cartão ganha} ACCOUNT {Os cartões de uma conta juntos ganham} other {Todos os membros juntos ganham}} por no máximo {count, plural, one {{n} compra} many {{n} de compras} other {{n} compras}} {period}.',
  'cap.rules': 'Para as ofertas: {list}.',
  'cap.categories': 'Nas categorias: {list}.',
  'cap.everything': 'Para tudo em conjunto.',
  'cap.over': 'O que passa disso rende conforme {rule}.',
  'cap.nothing': 'O que passa disso não rende nada.',
  'budget.visible': 'O que resta pode ser visto antes de pagar.',
  'budget.released': 'O que uma compra devolvida tirou dele volta.',
  'budget.kept': 'O que uma compra devolvida tirou dele não volta.',
  'caps.none': 'Não há limites.',

  'exclusion.codes': '{reason}: códigos de categoria do comerciante {list}.',
  'exclusion.products': '{reason}: itens marcados {list}.',
  'exclusions.accepted': 'Você pode pagar normalmente; essas compras apenas não rendem nada.',
  'exclusions.none': 'Nada é excluído.',
  'reason.money-transfer': 'transferência de dinheiro',
  'reason.cash-and-financial-institutions': 'dinheiro em espécie e instituições financeiras',
  'reason.quasi-cash': 'operações equivalentes a saque',
  'reason.securities': 'valores mobiliários',
  'reason.rent': 'aluguel',
  'reason.stored-value-and-money-transfer': 'saldo pré-pago e transferência de dinheiro',
  'reason.money-transfer-between-cards': 'transferência entre cartões',
  'reason.funding-of-a-card-or-wallet': 'recarga de cartão ou carteira',
  'reason.lotteries-and-betting': 'loterias e apostas',
  'reason.gambling': 'jogos de azar',

  'tiers.rolling':
    'Seu nível depende {metric, select, KEPT_SPEND {do que você gasta e mantém} REWARDS_ACCRUED {das unidades que você ganha} other {do número das suas compras}} {count, plural, one {no último {n} dia} many {nos últimos {n} de dias} other {nos últimos {n} dias}}.',
  'tiers.calendar':
    'Seu nível depende {metric, select, KEPT_SPEND {do que você gasta e mantém} REWARDS_ACCRUED {das unidades que você ganha} other {do número das suas compras}} no {unit, select, MONTH {mês} QUARTER {trimestre} other {ano}} civil.',
  'tiers.IMMEDIATE': 'Ele sobe e desce na hora.',
  'tiers.EARNED': 'Ele sobe na hora; no fim do período desce para o que você alcançou até então.',
  'tiers.ONE_STEP': 'Ele sobe na hora; no fim do período desce no máximo um degrau.',
  'tiers.NEVER': 'Ele sobe na hora e nunca desce.',
  'tiers.period.rolling':
    'O período é de {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} a partir do dia em que você alcança um nível.',
  'tiers.period.calendar': 'O período termina com o {unit, select, MONTH {mês} QUARTER {trimestre} other {ano}} civil.',
  'tiers.grace':
    'Depois disso você mantém o nível por mais {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}}.',
  'tiers.redeeming': 'Pagar com unidades não baixa o seu nível.',
  'tier.start': '{tier}: desde o início.',
  'tier.from': '{tier}: {mark} ou mais.',
  'tier.benefits': 'Benefícios: {list}.',

  'choice.pick':
    'Escolha {count, plural, one {{n} categoria} many {{n} de categorias} other {{n} categorias}} para cada {per, select, MONTH {mês} QUARTER {trimestre} other {ano}} entre: {list}.',
  'choice.shown':
    'A cada membro são oferecidas {count, plural, one {{n} categoria} many {{n} de categorias} other {{n} categorias}} entre elas.',
  'choice.opens.before':
    'Você pode escolher a partir de {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} antes do início do período.',
  'choice.opens.start': 'Você pode escolher a partir do primeiro dia do período.',
  'choice.closes.day': 'Você pode escolher até o fim do dia {day} do período.',
  'choice.closes.start': 'Você pode escolher até o início do período.',
  'choice.default': 'Se você não escolher nada, valem: {list}.',
  'choice.noDefault': 'Se você não escolher nada, nenhuma categoria vale.',

  'hold.atOnce': 'As unidades podem ser usadas assim que a compra é liquidada.',
  'hold.days':
    'As unidades podem ser usadas {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} depois que a compra é liquidada.',
  'hold.payout':
    'O que fica livre em {per, select, WEEK {uma semana} MONTH {um mês} QUARTER {um trimestre} YEAR {um ano} other {um ciclo de fatura do cartão}} pode ser usado em conjunto, a partir do dia seguinte ao fim desse período.',

  'expiry.NEVER': 'As unidades não expiram.',
  'expiry.DAYS':
    'As unidades expiram {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} depois de {from, select, AVAILABLE {ficarem disponíveis} other {serem creditadas}}.',
  'expiry.MONTHS':
    'As unidades expiram {count, plural, one {{n} mês} many {{n} de meses} other {{n} meses}} depois de {from, select, AVAILABLE {ficarem disponíveis} other {serem creditadas}}.',
  'expiry.END_OF_MONTH.same':
    'As unidades valem até o fim do mês civil em que {from, select, AVAILABLE {ficam disponíveis} other {são creditadas}}.',
  'expiry.END_OF_MONTH':
    'As unidades valem até o fim do mês civil que vem {count, plural, one {{n} mês} many {{n} de meses} other {{n} meses}} depois daquele em que {from, select, AVAILABLE {ficam disponíveis} other {são creditadas}}.',
  'expiry.END_OF_YEAR.same':
    'As unidades valem até o fim do ano civil em que {from, select, AVAILABLE {ficam disponíveis} other {são creditadas}}.',
  'expiry.END_OF_YEAR':
    'As unidades valem até o fim do ano civil que vem {count, plural, one {{n} ano} many {{n} de anos} other {{n} anos}} depois daquele em que {from, select, AVAILABLE {ficam disponíveis} other {são creditadas}}.',
  'expiry.ROLLING':
    'As unidades expiram depois de {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} sem movimento.',
  'dormancy.fee':
    'Depois de {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} sem movimento são descontados {units} por mês, nunca mais do que você tem.',
  'expiry.notice':
    'Você é avisado {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}} antes de as unidades expirarem.',

  'redemption.worth': '{one} paga {money}.',
  'redemption.share': 'As unidades pagam no máximo {rate} de uma compra.',
  'redemption.discountsCount': 'Os descontos da compra contam nessa parte.',
  'redemption.minimumOwn': 'No mínimo {money} são pagos em dinheiro.',
  'redemption.minimumUnits': 'No mínimo {units} são usados de cada vez.',
  'redemption.AVAILABLE_FIRST': 'As unidades que ficaram disponíveis primeiro são usadas primeiro.',
  'redemption.EXPIRES_FIRST': 'As unidades que expiram primeiro são usadas primeiro.',
  'redemption.authorisation':
    'As unidades reservadas para uma compra que não é concluída voltam depois de {count, plural, one {{n} hora} many {{n} de horas} other {{n} horas}}.',
  'outflow.cashOut': 'As unidades podem ser pagas num cartão de um banco participante.',
  'outflow.transfer': 'As unidades podem ser dadas a outros membros.',
  'outflow.donation': 'As unidades podem ser doadas a instituições de caridade.',
  'outflow.perDay': 'No máximo {units} por dia civil.',
  'outflow.perMonth': 'No máximo {units} por mês civil.',
  'outflow.holdAbove': 'Mais de {units} de uma vez é verificado antes por uma pessoa.',

  'refunds.KEPT':
    'Depois de uma devolução as regras do dia da compra são aplicadas de novo ao que você mantém; o que foi creditado pelo resto é retirado.',
  'refunds.PURCHASE_DATE':
    'Uma devolução retira o que o valor devolvido rende pelas regras do dia da compra, nunca mais do que a compra rendeu.',
  'refunds.RETURN_DATE':
    'Uma devolução retira o que o valor devolvido rende pelas regras do dia da devolução, nunca mais do que a compra rendeu.',
  'refunds.unitsBack': 'As unidades com que você pagou voltam e mantêm a validade.',
  'refunds.unitsGrace':
    'As unidades com que você pagou voltam e valem no mínimo mais {count, plural, one {{n} dia} many {{n} de dias} other {{n} dias}}.',

  'deadline.offerBegins': '{date}: primeiro dia de {rule}.',
  'deadline.offerEnds': '{date}: último dia de {rule}.',
  'deadline.earningEnds': '{date}: a partir deste dia nada é creditado.',
  'deadline.redemptionUntil': '{date}: último dia em que as unidades podem ser usadas; o que sobrar é cancelado.',
  'deadline.choice.day':
    '{choice}: escolha até o fim do dia {day} de cada {per, select, MONTH {mês} QUARTER {trimestre} other {ano}}.',
  'deadline.choice.start':
    '{choice}: escolha antes do início do {per, select, MONTH {mês} QUARTER {trimestre} other {ano}}.',
  'deadlines.none': 'Não há nenhum.',
};
