/** Frequent words without content, by language. They do not count as support of a claim. */
const LISTS = [
  "a an and any are as at be been but by can could did do does for from had has have he her his how i if in into is it its may might more most must my no nor not of on or our out over she should so some such than that the their them then there these they this those to too was we were what when where which who will with would you your also both each only other same very just about after before between during under while because until again further here all own s t",
  "aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dem den der des die dies diese dieser dieses doch du durch ein eine einem einen einer eines er es für hat hatte ich ihr im in ist ja kann kein keine mit muss nach nicht noch nur oder ohne sehr sein seine sich sie sind so über um und uns unter vom von vor war waren was weil wenn wer werden wie wir wird zu zum zur",
  "au aux avec ce ces cette dans de des du elle en est et eux il ils je la le les leur lui ma mais me même mes moi ne nos notre nous on ou où par pas pour qu que qui sa se ses son sont sur ta te tes toi ton tu un une vos votre vous été être avoir ont plus comme d l s n c j",
  "a al algo como con contra cual cuando de del desde donde durante e el ella ellos en entre era es esa ese eso esta este esto fue ha han hasta hay la las le les lo los más me mi muy no nos o para pero por porque que quien se ser si sin sobre son su sus también te tiene todo tu un una uno y ya",
  "a ad al alla anche ancora che chi ci come con cui da dal dalla de degli dei del della delle di e ed era gli ha hanno i il in io la le lei lo loro lui ma mi ne nel nella no non o per perché più quale quando questa questo se si sia sono su sua sul suo tra un una uno è",
  "a ao aos as até com como da das de dela dele do dos e ela ele eles em entre era essa esse esta este eu foi há isso já lhe mais mas me mesmo meu muito na nas no nos não nós o os ou para pela pelo por qual quando que quem se sem ser seu sua são só também te tem um uma você à é",
  "aan al als bij dan dat de der deze die dit doch door dus een en er ge geen haar had heb hebben heeft hem het hij hoe hun ik in is ja je kan maar me meer men met mij mijn na naar niet nog nu of om omdat onder ons ook op over te tot u uit van veel voor want was wat we wel werd wij worden wordt zal ze zich zij zijn zo zonder",
  "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас нибудь уж вам ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто это",
].map((list) => new Set(list.split(" ")));

const NONE: ReadonlySet<string> = new Set();

/** The words without content in the language in which most of the given words are frequent; none for a language without a list. */
export function functionWordsOf(words: readonly string[]): ReadonlySet<string> {
  const counts = LISTS.map((list) => words.filter((word) => list.has(word)).length);
  const best = Math.max(...counts);
  return (best === 0 ? undefined : LISTS[counts.indexOf(best)]) ?? NONE;
}
