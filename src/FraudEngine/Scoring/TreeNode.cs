namespace FraudEngine.Scoring;

/// <summary>
/// A node of a tree in 8 bytes. Its right child stands behind its left one. A leaf is its own left child, and nothing goes right from it: a walk that has
/// reached a leaf may go on, and stays there.
/// </summary>
internal readonly struct TreeNode
{
    /// <summary>How many columns a node can tell apart: of 32 bits it has these 12 for the column, and 20 for the left child.</summary>
    public const int ColumnsMax = 1 << ColumnBits;

    /// <summary>How many nodes a model can have.</summary>
    public const int NodesMax = 1 << (32 - ColumnBits);

    private const int ColumnBits = 12;

    private readonly uint _leftAndColumn;

    private TreeNode(float threshold, int left, int column)
    {
        Threshold = threshold;
        _leftAndColumn = ((uint)left << ColumnBits) | (uint)column;
    }

    /// <summary>A value from here on goes right. NaN in a leaf: no value does.</summary>
    public float Threshold { get; }

    /// <summary>Where the left child stands in the model's nodes.</summary>
    public int Left => (int)(_leftAndColumn >> ColumnBits);

    /// <summary>Which of the <see cref="FeatureColumns"/> is compared.</summary>
    public int Column => (int)(_leftAndColumn & (ColumnsMax - 1));

    public static TreeNode Split(float threshold, int left, int column) => new(threshold, left, column);

    /// <param name="itself">Where the leaf stands in the model's nodes.</param>
    public static TreeNode Leaf(int itself) => new(float.NaN, itself, 0);

    /// <summary>Where a walk goes from here.</summary>
    /// <param name="columns">As filled by <see cref="FeatureColumns.Fill"/>.</param>
    public int Next(ReadOnlySpan<float> columns) => Left + (columns[Column] >= Threshold ? 1 : 0);
}
