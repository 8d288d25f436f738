namespace FraudEngine.Rules.Compilation;

/// <summary>Finds the known name that an unknown one was probably meant to be.</summary>
internal static class NearestName
{
    private const int LengthMax = 64;

    /// <summary><c>; did you mean 'merchantId'?</c>, or nothing where no known name is near.</summary>
    public static string Hint(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var least = Math.Max(2, name.Length / 3) + 1;
        if (name.Length <= LengthMax)
        {
            foreach (var candidate in known)
            {
                var distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
                if (distance < least && distance < candidate.Length)
                {
                    least = distance;
                    nearest = candidate;
                }
            }
        }

        return nearest is null ? "" : $"; did you mean '{nearest}'?";
    }

    /// <summary>Levenshtein's distance, where two neighbours that changed places count once (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                var least = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                var swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                rows[i, j] = swapped ? Math.Min(least, rows[i - 2, j - 2] + 1) : least;
            }
        }

        return rows[left.Length, right.Length];
    }
}
