using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>A term of a segment near some word, and where its documents are.</summary>
/// <param name="Slips">How many slips of the hand lie between.</param>
/// <param name="Term">The term.</param>
/// <param name="State">Where the segment has it.</param>
internal sealed record NearTerm(int Slips, BytesRef Term, TermState State);
