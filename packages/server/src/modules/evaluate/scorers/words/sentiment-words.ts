/**
 * English words that mostly express praise or blame. The lists are our own and short on purpose: a list finds words,
 * not meaning.
 */
export const POSITIVE: ReadonlySet<string> = new Set(
  `able admirable admire adore advantage agree amazing appreciate appropriate approve attractive awesome beautiful benefit best better
  brave bright brilliant calm capable care caring charming cheerful clean clear clever comfortable competent confident congratulations
  considerate consistent convenient cool correct courteous creative curious dedicated delicious delight delighted delightful dependable
  easy effective efficient elegant encourage encouraging enjoy enjoyable enjoyed enthusiastic excellent excited exciting fair faithful
  fantastic fascinating favourite favorite fine flawless free fresh friendly fun generous gentle glad good gorgeous graceful grateful
  great happy hardworking harmless healthy helpful honest hope hopeful impressive improve improved incredible innovative insightful
  inspiring intelligent interesting joy joyful kind lively love loved lovely loyal lucky magnificent marvellous marvelous nice
  optimistic outstanding patient peaceful perfect pleasant pleased pleasure polite positive powerful praise precise productive
  professional proud recommend recommended refreshing reliable remarkable respect respectful rewarding right safe satisfied satisfying
  secure sincere skilled skilful smart smooth splendid stable strong stunning success successful superb support supportive sweet
  talented thank thankful thanks thoughtful thrilled thriving trust trusted trustworthy useful valuable warm welcome well wise
  wonderful worthy yay`.split(/\s+/),
);
export const NEGATIVE: ReadonlySet<string> = new Set(
  `abandon abuse aggressive angry annoyed annoying anxious appalling arrogant ashamed awful bad bitter bland blame boring broken
  careless chaos cheat clumsy cold complain complaint confused confusing corrupt crash crazy crime criminal cruel damage damaged
  danger dangerous dead defect defective deny depressed depressing despair desperate difficult dirty disagree disappointed
  disappointing disappointment disaster disgusting dishonest dislike disrespectful dull evil fail failed fails failure fake false
  fault faulty fear filthy flawed foolish fraud frustrated frustrating furious greedy grim guilty harm harmful harsh hate hated
  hopeless horrible hostile hurt ignorant illegal impatient impossible inadequate incompetent inconsistent incorrect inferior
  insecure insult insulting irresponsible irritating jealous lazy lie lied lonely lose loss lost mediocre mess messy miserable
  mistake nasty negative neglect nervous nightmare noisy obnoxious offensive outrage overpriced pain painful pathetic poor
  poorly problem problems rage regret reject rejected ridiculous rotten rude ruin ruined sad scam scared selfish severe
  shame shameful sick slow sorry stressful stubborn stupid suffer suspicious terrible threat tired toxic tragic trouble ugly
  unacceptable unbearable uncomfortable unfair unfortunate unfortunately unfriendly unhappy unhelpful unpleasant unreliable unsafe
  upset useless violent vicious vulgar waste wasted weak weird wicked worried worse worst worthless wrong`.split(/\s+/),
);
/** Turn what follows within three words. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  `not no never none nothing neither nor cannot can't won't don't doesn't didn't isn't aren't wasn't weren't hardly barely
  without lacks`.split(/\s+/),
);
