namespace FraudEngine.Scoring;

/// <summary>
/// The features as nodes compare them. Each stands twice: for nodes from which a missing value goes left, there it is minus infinity, and for those from which
/// it goes right, there it is plus infinity. So no node has to ask whether a value is missing.
/// </summary>
internal static class FeatureColumns
{
    public static int CountOf(int features) => 2 * features;

    public static int Of(int feature, bool missingGoesLeft, int features) => missingGoesLeft ? feature : features + feature;

    public static int FeatureOf(int column, int features) => column < features ? column : column - features;

    /// <param name="columns">As many as <see cref="CountOf"/> says.</param>
    public static void Fill(ReadOnlySpan<float> features, Span<float> columns)
    {
        features.CopyTo(columns);
        features.CopyTo(columns[features.Length..]);
        for (var feature = 0; feature < features.Length; feature++)
        {
            if (float.IsNaN(features[feature]))
            {
                columns[feature] = float.NegativeInfinity;
                columns[features.Length + feature] = float.PositiveInfinity;
            }
        }
    }
}
