namespace Monolith.Benchmarks.Shop;

/// <summary>The response to a request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="MadeId">The id at the end of the Location header, where a resource was created.</param>
internal readonly record struct Answer(int Status, Guid? MadeId)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
