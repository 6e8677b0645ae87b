using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Contract;

public static class Refusals
{
    public static void ShouldBeRefused(this Result<Operation> answer, ErrorKind kind, string slug, string detail)
    {
        var error = answer.Error.ShouldNotBeNull();
        (error.Kind, error.Slug).ShouldBe((kind, slug));
        error.Detail.ShouldContain(detail);
    }
}
