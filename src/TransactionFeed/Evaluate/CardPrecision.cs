namespace TransactionFeed.Evaluate;

/// <summary>
/// Card Precision@k of the Fraud Detection Handbook (Le Borgne et al., 2022, chapter 4): each day an account has the highest score of its transactions, the k accounts
/// with the highest scores are looked at, and the day's figure is how many of them have a fraud that day, divided by k. An account that was found is not in the following
/// days. Of accounts with equal scores, the one whose id comes first by character codes is looked at first.
/// </summary>
internal static class CardPrecision
{
    /// <summary>The days that occur, in order. Transactions without a day don't count.</summary>
    public static IReadOnlyList<CardDay> Of(ReadOnlySpan<Scored> transactions, int top, IReadOnlyList<string> accounts)
    {
        var days = new List<CardDay>();
        var found = new HashSet<int>();
        foreach (var (day, cards) in ByDay(transactions))
        {
            var ranking = cards.Where(card => !found.Contains(card.Key)).Select(static card => new Card(card.Key, card.Value.Score, card.Value.IsCompromised)).ToArray();
            Array.Sort(ranking, (a, b) => b.Score.CompareTo(a.Score) is var order && order != 0 ? order : string.CompareOrdinal(accounts[a.Account], accounts[b.Account]));
            var looked = ranking.AsSpan(0, Math.Min(top, ranking.Length));
            var foundBefore = found.Count;
            foreach (var card in looked)
            {
                if (card.IsCompromised)
                {
                    found.Add(card.Account);
                }
            }

            var (tied, places) = Ties(ranking, looked.Length);
            days.Add(new CardDay(day, top, found.Count - foundBefore, ranking.Count(static card => card.IsCompromised), ranking.Length, tied, places));
        }

        return days;
    }

    /// <summary>The mean over the days; null where there are none.</summary>
    public static double? Mean(IReadOnlyList<CardDay> days) => days.Count > 0 ? days.Average(static day => day.Precision) : null;

    private static SortedDictionary<int, Dictionary<int, (double Score, bool IsCompromised)>> ByDay(ReadOnlySpan<Scored> transactions)
    {
        var days = new SortedDictionary<int, Dictionary<int, (double Score, bool IsCompromised)>>();
        foreach (ref readonly var transaction in transactions)
        {
            if (transaction.Day == Scored.NoDay)
            {
                continue;
            }

            if (!days.TryGetValue(transaction.Day, out var cards))
            {
                days.Add(transaction.Day, cards = []);
            }

            cards[transaction.Account] = cards.TryGetValue(transaction.Account, out var card)
                ? (Math.Max(card.Score, transaction.Score), card.IsCompromised || transaction.IsFraud)
                : (transaction.Score, transaction.IsFraud);
        }

        return days;
    }

    /// <summary>Where the last place and the first account without one have the same score: how many accounts have it, and how many places they got.</summary>
    private static (int Tied, int Places) Ties(Card[] ranking, int looked)
    {
        if (looked == 0 || looked == ranking.Length || ranking[looked - 1].Score != ranking[looked].Score)
        {
            return (0, 0);
        }

        var score = ranking[looked].Score;
        return (ranking.Count(card => card.Score == score), ranking.AsSpan(0, looked).ToArray().Count(card => card.Score == score));
    }

    private readonly record struct Card(int Account, double Score, bool IsCompromised);
}

/// <summary>A day of <see cref="CardPrecision"/>.</summary>
/// <param name="Found">Accounts with a fraud that day among those looked at.</param>
/// <param name="Compromised">Accounts with a fraud that day that were not found before.</param>
/// <param name="Accounts">Accounts with a transaction that day that were not found before.</param>
/// <param name="Tied">Accounts that share the score of the last place with one that got none; 0 where no tie decides.</param>
/// <param name="TiedPlaces">The places that these got.</param>
internal readonly record struct CardDay(int Day, int Top, int Found, int Compromised, int Accounts, int Tied, int TiedPlaces)
{
    public double Precision => (double)Found / Top;
}
