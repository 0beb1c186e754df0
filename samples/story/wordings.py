"""TikTok's sentences, as its own resources have them (French and English), and what each should become."""

from __future__ import annotations

from typing import Final

from samples.story.moments import Wording

COMMENT: Final = Wording("comment_push", "a commenté : {words}", "commented: {words}", "comment")
REPLY: Final = Wording(
    "comment_push", "a répondu à ton commentaire : {words}", "replied to your comment: {words}", "reply"
)
MENTION: Final = Wording(
    "mention_push",
    "t'a mentionné(e) dans un commentaire : {words}",
    "mentioned you in a comment: {words}",
    "mention",
)
STORY_MENTION: Final = Wording(
    "mention_push", "t'a mentionné(e) dans une Story.", "mentioned you in a Story.", "mention"
)
LIKE: Final = Wording("digg_push", "a aimé ta vidéo.", "liked your video.", "like")
LIKE_COMMENT: Final = Wording("digg_push", "a aimé ton commentaire.", "liked your comment.", "like")
CROWD: Final = Wording(
    "digg_push", "et {others} autres ont aimé ta vidéo", "and {others} others liked your video", "like"
)
BIG_CROWD: Final = Wording(
    "digg_push", "et {others} autres personnes ont aimé ta vidéo.", "and {others} others liked your video", "like"
)
FOLLOW: Final = Wording("follow_push", "a commencé à te suivre.", "started following you.", "follow")
NEW_POST: Final = Wording(
    "follow_new_video_push", "vient de publier une nouvelle vidéo", "just posted a new video", "new_post"
)
LIVE: Final = Wording("live_push", "est en LIVE", "is LIVE.", "live")
DUET: Final = Wording("other_channel", "a créé un Duo avec toi.", "created a duet with you.", "duet")
PROFILE_VIEWS: Final = Wording(
    "other_channel",
    "et beaucoup d'autres personnes ont consulté ton profil hier.",
    "and many others checked your profile yesterday.",
    "profile_view",
    visibility="private",
)
MESSAGE: Final = Wording("im_push", "{words}", "{words}", "direct_message", visibility="private", names_actor=False)
SUGGESTION: Final = Wording(
    "recommend_video_push_associated_4",
    "{words}",
    "{words}",
    kind=None,
    ignored_as="recommendation_noise",
    names_actor=False,
)
NOBODY_KNOWS: Final = Wording("local_board_push", "{words}", "{words}", kind=None, names_actor=False)

CHANNEL_NAMES: Final = {
    "comment_push": ("Commentaires", "Comments"),
    "mention_push": ("Mentions", "Mentions"),
    "digg_push": ("J'aime", "Likes"),
    "follow_push": ("Nouveaux followers", "New followers"),
    "follow_new_video_push": ("Vidéos des comptes que tu suis", "Videos from accounts you follow"),
    "live_push": ("LIVE", "LIVE"),
    "other_channel": ("AUTRES", "OTHER"),
    "im_push": ("Messages directs", "Direct messages"),
    "recommend_video_push_associated_4": ("Vidéos suggérées", "Video suggestions"),
    "local_board_push": ("Près de toi", "Near you"),
}
