namespace FraudEngine.Scoring.Xgboost;

/// <summary>Checks that tables are trees, and lays these out one behind the other.</summary>
/// <param name="start">The margin before the first tree.</param>
internal sealed class ForestBuilder(int features, float start)
{
    private readonly List<TreeNode> _nodes = [];
    private readonly List<float> _means = [];
    private readonly List<int> _roots = [];
    private readonly List<int> _depths = [];

    /// <summary>The largest margin, in size, that the trees so far could add up to.</summary>
    private double _marginMax = Math.Abs(start);

    public int NodesLeft => TreeModel.NodesMax - _nodes.Count;

    public Forest ToForest() => new([.. _nodes], [.. _means], [.. _roots], [.. _depths]);

    /// <param name="place">Of the tree, for errors.</param>
    public void Add(TreeTable table, JsonPlace place)
    {
        var (order, lefts, depth) = Walk(table, place);
        _marginMax += order.Where(node => table.Left[node] == TreeTable.NoChild).Max(node => Math.Abs((double)table.Values[node]));
        if (_marginMax > float.MaxValue / 2)
        {
            throw place.Wrong("its leaves have values so large that their sum over the trees could overflow");
        }

        var root = _nodes.Count;
        _roots.Add(root);
        _depths.Add(depth);
        for (var i = 0; i < order.Count; i++)
        {
            var node = order[i];
            _nodes.Add(lefts[i] == TreeTable.NoChild
                ? TreeNode.Leaf(root + i)
                : TreeNode.Split(table.Values[node], root + lefts[i], FeatureColumns.Of(table.Features[node], table.DefaultLeft[node] == 1, features)));
        }

        _means.AddRange(MeansOf(table, order, lefts));
    }

    /// <summary>
    /// The nodes that the root leads to, level by level; where in that order the left child of each stands (the right one follows); and how many levels there
    /// are below the root. No node comes twice, so there is no cycle.
    /// </summary>
    private (List<int> Order, List<int> Lefts, int Depth) Walk(TreeTable table, JsonPlace place)
    {
        List<int> order = [0];
        List<int> lefts = [];
        var seen = new bool[table.Count];
        seen[0] = true;
        var depth = 0;
        for (var levelEnd = 1; lefts.Count < order.Count;)
        {
            var node = order[lefts.Count];
            var isLeaf = IsLeaf(table, node, place);
            lefts.Add(isLeaf ? TreeTable.NoChild : order.Count);
            if (!isLeaf)
            {
                CheckFeature(table, node, place);
                order.Add(Reach(table.Left[node], node, seen, place));
                order.Add(Reach(table.Right[node], node, seen, place));
            }

            if (lefts.Count == levelEnd && order.Count > levelEnd)
            {
                levelEnd = order.Count;
                depth++;
            }
        }

        if (depth > TreeModel.DepthMax)
        {
            throw place.Wrong($"it is {depth} levels deep; at most {TreeModel.DepthMax} are supported");
        }

        CheckRest(table, seen, place);
        return (order, lefts, depth);
    }

    private static bool IsLeaf(TreeTable table, int node, JsonPlace place)
    {
        var isLeaf = table.Left[node] == TreeTable.NoChild;
        return isLeaf == (table.Right[node] == TreeTable.NoChild) ? isLeaf : throw place.Wrong($"node {node} has one child only");
    }

    private void CheckFeature(TreeTable table, int node, JsonPlace place)
    {
        if ((uint)table.Features[node] >= (uint)features)
        {
            throw place.Wrong($"node {node} compares feature {table.Features[node]}, but the model has {features} features, counted from 0");
        }
    }

    private static int Reach(int child, int parent, bool[] seen, JsonPlace place)
    {
        if ((uint)child >= (uint)seen.Length)
        {
            throw place.Wrong($"node {parent} has child {child}, but there are {seen.Length} nodes, counted from 0");
        }

        if (seen[child])
        {
            throw place.Wrong($"node {parent} has child {child}, which is above it or has another parent");
        }

        seen[child] = true;
        return child;
    }

    /// <summary>What XGBoost pruned stays in its file, marked. Anything else that the root doesn't lead to is a sign of damage.</summary>
    private static void CheckRest(TreeTable table, bool[] seen, JsonPlace place)
    {
        for (var node = 0; node < table.Count; node++)
        {
            if (!seen[node] && table.Features[node] != TreeTable.Pruned)
            {
                throw place.Wrong($"node {node} is no child of any node, and not marked as pruned");
            }
        }
    }

    /// <summary>
    /// From the lowest nodes up. XGBoost divides by the parent's own sum of hessians, which is that of its children but for rounding; dividing by theirs keeps
    /// a mean between those it is made of, whatever the file says. Children without any weight count the same.
    /// </summary>
    private static float[] MeansOf(TreeTable table, List<int> order, List<int> lefts)
    {
        var means = new float[order.Count];
        for (var i = order.Count - 1; i >= 0; i--)
        {
            if (lefts[i] == TreeTable.NoChild)
            {
                means[i] = table.Values[order[i]];
                continue;
            }

            var left = lefts[i];
            double leftWeight = table.Hessians[order[left]];
            double rightWeight = table.Hessians[order[left + 1]];
            var weight = leftWeight + rightWeight;
            means[i] = weight > 0
                ? (float)(((means[left] * leftWeight) + (means[left + 1] * rightWeight)) / weight)
                : (means[left] + means[left + 1]) / 2;
        }

        return means;
    }
}
