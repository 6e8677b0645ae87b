namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>How far an operation is.</summary>
public enum OperationState
{
    /// <summary>It is being done.</summary>
    Running,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It failed, or was cancelled.</summary>
    Failed,

    /// <summary>It was refused, and changed nothing.</summary>
    Refused,
}
