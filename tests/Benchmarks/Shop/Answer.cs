namespace Monolith.Benchmarks.Shop;

/// <summary>What a request was answered with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="MadeId">The id at the end of the Location header, where something was made.</param>
internal readonly record struct Answer(int Status, Guid? MadeId)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
