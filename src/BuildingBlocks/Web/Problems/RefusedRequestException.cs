namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>Refuses a request from within a read of its body, where nothing can be returned.</summary>
internal sealed class RefusedRequestException(Problem problem, Exception? cause = null) : Exception(problem.Detail, cause)
{
    public Problem Problem { get; } = problem;
}
